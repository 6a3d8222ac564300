import { existsSync, readFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Run } from "../../src/result/document/run.ts";
import { fileOn, filesOn } from "../support/git-repository.ts";
import { makeWorkplace } from "./act.ts";

const WORKFLOW = readFileSync(join(import.meta.dirname, "../../.github/workflows/experiments.yml"), "utf8");
const GITHUBS_OWN = [...WORKFLOW.matchAll(/uses: (actions\/upload\S+)/g)].map(([, uses]) => uses!);
const CONFIG = `
experiments:
  axes:
    max-num-seqs: [1, 2, 4]
  exclude:
    - { max-num-seqs: 4, reason: too much for a test }
mode: server
batch-sizes: 1
input-len: 8
output-len: 4
warmup: 0
iterations: 1
pairs: "8:4"
request-rate: 50
num-prompts: 4
warmup-requests: 0
port: 0
`;

test("the reference workflow experiments.yml plans a job for each combination, and all meet on the data branch", async () => {
  await using workplace = await makeWorkplace({ ".github/workflows/experiments.yml": WORKFLOW, "pitwall.yml": CONFIG });
  const vllm = workplace.path("vllm");
  const simulator = `exec "${process.execPath}" "${workplace.bundle("simulator")}" --model "$@"`;
  await writeFile(vllm, `#!/bin/sh\nshift\n${simulator}\n`);
  await chmod(vllm, 0o755);
  const { exitCode, jobs, log } = await workplace.act("workflow_dispatch", {
    env: { PITWALL_VLLM: vllm, TEST_STORE: workplace.path("store") },
    variables: { PITWALL_RUNNER: "self-hosted", PITWALL_MODEL: "sim/tiny" },
    standIns: GITHUBS_OWN,
  });
  expect(jobs, log).toEqual({ plan: "success", measure: "success" });
  expect(exitCode).toBe(0);
  const paths = filesOn(workplace.origin).filter((name) => name.startsWith("runs/"));
  const runs = paths.map((path) => Run.parse(JSON.parse(fileOn(workplace.origin, path))));
  expect(runs.map(({ configuration }) => configuration).toSorted()).toEqual(["--max-num-seqs 1", "--max-num-seqs 2"]);
  for (const { outcome, cells } of runs) expect([outcome, cells.length]).toEqual(["ok", 2]);
  for (const name of ["max-num-seqs-1", "max-num-seqs-2"])
    expect(existsSync(workplace.path(`store/${name}/experiments.json`)), name).toBe(true);
  expect(existsSync(workplace.path("store/max-num-seqs-4"))).toBe(false);
  expect(workplace.processes()).toEqual([]);
});
