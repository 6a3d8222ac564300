import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { baselineRef } from "../../../src/verbs/trigger/baseline.ts";
import { sampleRun } from "../../support/run-document.ts";

const QUEUE = "refs/heads/gh-readonly-queue/release/2.0/pr-12-47284c3a5647d538b7482ab755779aac2c1ac98f";
const repository = { full_name: "octo/llm", default_branch: "trunk" };
const workflowRun = (event: string, base: string[]) => ({
  workflow_run: {
    ...{ event, head_branch: "feature", head_sha: "a".repeat(40), head_repository: repository },
    pull_requests: base.map((ref) => ({ base: { ref } })),
  },
});

test.each<[string, string, { ref: string; payload?: object; base?: string; named?: string }]>([
  ["a push", "refs/heads/feature", { ref: "refs/heads/feature" }],
  ["a pull request", "refs/heads/main", { ref: "refs/pull/7/merge", base: "main" }],
  [
    "a merge queue",
    "refs/heads/release/2.0",
    { ref: QUEUE, payload: { merge_group: { base_ref: "refs/heads/release/2.0" } } },
  ],
  ["a push to a branch of the merge queue", "refs/heads/release/2.0", { ref: QUEUE }],
  ["a tag", "refs/heads/trunk", { ref: "refs/tags/v1.0", payload: { release: { tag_name: "v1.0" } } }],
  [
    "a run started by one of a branch",
    "refs/heads/feature",
    { ref: "refs/heads/feature", payload: workflowRun("push", ["main"]) },
  ],
  [
    "a run started by one of a pull request",
    "refs/heads/main",
    { ref: "refs/heads/feature", payload: workflowRun("pull_request", ["main"]) },
  ],
  ["a run started by one of a fork", "mallory:main", { ref: "mallory:main", payload: workflowRun("pull_request", []) }],
  ["a merge queue, with a baseline named", "refs/heads/main", { ref: QUEUE, named: "main" }],
  [
    "an event of another form",
    "refs/heads/main",
    { ref: "refs/heads/main", payload: { merge_group: 7, workflow_run: "x" } },
  ],
])("%s is held against %s", async (_, expected, { ref, payload = {}, base = "", named }) => {
  await using fixture = await createFixture({ "event.json": JSON.stringify({ repository, ...payload }) });
  const env = { GITHUB_BASE_REF: base, GITHUB_EVENT_PATH: fixture.getPath("event.json") };
  expect(await baselineRef({ trigger: { ...sampleRun.trigger, ref } }, named, env)).toBe(expected);
});
