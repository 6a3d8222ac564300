import { existsSync, readFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Run } from "../../src/result/document/run.ts";
import { fileOn, filesOn } from "../support/git-repository.ts";
import { slackHost } from "../support/slack-host.ts";
import { makeWorkplace, type Workplace } from "./act.ts";

const WORKFLOW = readFileSync(join(import.meta.dirname, "../../.github/workflows/benchmark.yml"), "utf8");
const GITHUBS_OWN = [...WORKFLOW.matchAll(/uses: (actions\/\S+)/g)].map(([, uses]) => uses!);
const FAKE_DRIVER = join(import.meta.dirname, "../support/fake-driver.ts");
const SMALL = `
batch-sizes: 1-2
input-len: 8
output-len: 4
warmup: 0
iterations: 2
pairs: "8:4"
request-rate: 50
num-prompts: 4
warmup-requests: 0
port: 0
`;

/** Runs the reference workflow as a user would have copied it. Python and vLLM are played, GitHub's own actions stood in for. */
async function runBenchmark(workplace: Workplace, webhook: string) {
  const python = workplace.path("python3");
  const vllm = workplace.path("vllm");
  await writeFile(python, `#!/bin/sh\nshift\nexec "${process.execPath}" "${FAKE_DRIVER}" "$@"\n`);
  await writeFile(
    vllm,
    `#!/bin/sh\nshift\nexec "${process.execPath}" "${workplace.bundle("simulator")}" --model "$@"\n`,
  );
  for (const program of [python, vllm]) await chmod(program, 0o755);
  const store = workplace.path("store");
  return workplace.act("workflow_dispatch", {
    env: { PITWALL_PYTHON: python, PITWALL_VLLM: vllm, TEST_ORIGIN: workplace.origin, TEST_STORE: store },
    secrets: { SLACK_WEBHOOK: webhook },
    variables: { PITWALL_RUNNER: "self-hosted", PITWALL_MODEL: "sim/tiny" },
    standIns: GITHUBS_OWN,
  });
}

const repository = (config: string) => ({ ".github/workflows/benchmark.yml": WORKFLOW, "pitwall.yml": config });

function onlyRun(origin: string): Run {
  const [path, ...others] = filesOn(origin).filter((name) => name.startsWith("runs/"));
  expect(others).toEqual([]);
  return Run.parse(JSON.parse(fileOn(origin, path!)));
}

describe("the reference workflow benchmark.yml", () => {
  test("measures in two jobs, stores one run, deploys the site and tells nobody", async () => {
    using slack = await slackHost();
    await using workplace = await makeWorkplace(repository(SMALL));
    const { exitCode, jobs, log } = await runBenchmark(workplace, slack.url);
    expect(jobs, log).toEqual({ latency: "success", serving: "success", publish: "success", pages: "success" });
    expect(exitCode).toBe(0);
    const run = onlyRun(workplace.origin);
    expect(run.cells.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "latency-sweep/in_8_out_4_bs_1 ok",
      "latency-sweep/in_8_out_4_bs_2 ok",
      "serve-benchmark/in_8_out_4_rate_50 ok",
    ]);
    expect(run.engine.kind).toBe("vllm");
    for (const name of ["latency", "serving", "run"])
      expect(existsSync(workplace.path(`store/${name}/cells`)), name).toBe(true);
    expect(readFileSync(workplace.path("store/github-pages/index.html"), "utf8")).toContain('"/llm/');
    expect(slack.messages).toEqual([]);
    expect(workplace.processes()).toEqual([]);
  });

  test("an engine that dies: the run is stored with its gap, artifacts are kept, and Slack hears which jobs failed", async () => {
    using slack = await slackHost();
    await using workplace = await makeWorkplace(repository(`${SMALL}engine-args: --crash-after-requests 2\n`));
    const { exitCode, jobs, log } = await runBenchmark(workplace, slack.url);
    expect(jobs, log).toEqual({
      latency: "success",
      serving: "failure",
      publish: "failure",
      pages: "success",
      notify: "success",
    });
    expect(exitCode).toBe(1);
    expect(onlyRun(workplace.origin).cells).toMatchObject([
      { status: "ok" },
      { status: "ok" },
      { status: "failed", reason: "engine_crashed" },
    ]);
    expect(existsSync(workplace.path("store/serving/cells"))).toBe(true);
    expect(slack.messages).toHaveLength(1);
    const told = JSON.stringify(slack.messages);
    expect(told).toContain("job `serving`: failure");
    expect(told).toContain("job `publish`: failure");
    expect(told).not.toContain("latency");
    expect(log).not.toContain(slack.url);
    expect(workplace.processes()).toEqual([]);
  });
});
