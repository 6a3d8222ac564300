import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesOn } from "../support/git-repository.ts";
import { slackHost } from "../support/slack-host.ts";
import { makeWorkplace } from "./act.ts";

test("a workflow runs every action, and the root action, with the simulated engine", async () => {
  using slack = await slackHost();
  const workflow = readFileSync(join(import.meta.dirname, "pipeline.yml"), "utf8");
  const specs = readFileSync(join(import.meta.dirname, "../fixtures/infra-gym/version_specs.json"), "utf8");
  await using workplace = await makeWorkplace({
    ".github/workflows/pipeline.yml": workflow,
    "version_specs.json": specs,
  });
  const { origin } = workplace;
  const { exitCode, jobs, log } = await workplace.act("push", {
    env: { TEST_ORIGIN: origin },
    secrets: { SLACK_WEBHOOK: slack.url },
  });
  expect(jobs, log).toEqual({ steps: "success", patches: "success", root: "success" });
  expect(exitCode).toBe(0);
  expect(filesOn(origin).filter((path) => path.startsWith("runs/"))).toHaveLength(2);
  expect(slack.messages).toHaveLength(1);
  expect(log).not.toContain(slack.url);
  expect(log).toContain("no artifact “measured”: this runner has no artifact service");
  expect(log).toContain("steps:  stopping the simulated engine");
  expect(workplace.processes()).toEqual([]);
});
