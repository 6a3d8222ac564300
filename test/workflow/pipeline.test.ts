import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serializeRun } from "../../src/database/document/document.ts";
import { runOn, size } from "../report/histories.ts";
import { filesOn } from "../support/git-repository.ts";
import { slackHost } from "../support/slack-host.ts";
import { makeWorkplace } from "./act.ts";

const fixture = (path: string) => readFileSync(join(import.meta.dirname, "../fixtures", path), "utf8");

/** What the user's repository holds besides the workflow, for actions that read files. */
const FILES = {
  "version_specs.json": fixture("infra-gym/version_specs.json"),
  "arms.yml": "arms: [{ name: slow, engineArgs: --fixed-ttft 20 --fixed-itl 4 }, { name: fast, engine: simulated }]\n",
  "before.json": serializeRun(runOn(1, [size(1, 1)])),
  "after.json": serializeRun(runOn(2, [size(1, 1.01)])),
  "mapping.json": fixture("iso-bench/mappings/baseline_benchmark_mapping_complete.json"),
  ...Object.fromEntries(
    ["agent", "human"].map((arm) => {
      const name = `e3580537_${arm}_result.json`;
      return [`results/${name}`, fixture(`iso-bench/results/separate_agent/${name}`)];
    }),
  ),
};

test("a workflow runs every action, and the root action, with the simulated engine", async () => {
  using slack = await slackHost();
  const workflow = readFileSync(join(import.meta.dirname, "pipeline.yml"), "utf8");
  await using workplace = await makeWorkplace({ ".github/workflows/pipeline.yml": workflow, ...FILES });
  const { origin } = workplace;
  const { exitCode, jobs, log } = await workplace.act("push", {
    env: { TEST_ORIGIN: origin },
    secrets: { SLACK_WEBHOOK: slack.url },
  });
  expect(jobs, log).toEqual({ steps: "success", patches: "success", builds: "success", root: "success" });
  expect(exitCode).toBe(0);
  expect(filesOn(origin).filter((path) => path.startsWith("runs/"))).toHaveLength(2);
  expect(slack.messages).toHaveLength(1);
  expect(log).not.toContain(slack.url);
  expect(log).toContain("no artifact “measured”: this runner has no artifact service");
  expect(log).toContain("no comment: the step has no token");
  expect(log).toContain("steps:  stopping the simulated engine");
  expect(workplace.processes()).toEqual([]);
});
