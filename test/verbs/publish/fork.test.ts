import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { isForkJob } from "../../../src/verbs/publish/fork.ts";

const pullRequest = (head: string | null) => ({
  pull_request: {
    head: { repo: head === null ? null : { full_name: head } },
    base: { repo: { full_name: "octo/llm" } },
  },
});

test.each<[string, boolean, string, unknown]>([
  ["a fork's pull request", true, "pull_request", pullRequest("mallory/llm")],
  ["a pull request of a fork that was deleted", true, "pull_request", pullRequest(null)],
  ["a pull request of the repository's own", false, "pull_request", pullRequest("Octo/LLM")],
  ["a fork's pull request with the repository's token", false, "pull_request_target", pullRequest("mallory/llm")],
  ["a push", false, "push", { ref: "refs/heads/main" }],
  ["an event that cannot be read", false, "pull_request", "{"],
])("the job of %s: %s", async (_, expected, event, payload) => {
  await using fixture = await createFixture({
    "event.json": typeof payload === "string" ? payload : JSON.stringify(payload),
  });
  const env = { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: fixture.getPath("event.json") };
  expect(await isForkJob(env)).toBe(expected);
});

test("outside of a workflow nothing is a fork's", async () => {
  expect(await isForkJob({})).toBe(false);
});
