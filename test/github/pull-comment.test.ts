import { writeFile } from "node:fs/promises";
import { createFixture } from "fs-fixture";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { md } from "../../src/foreign-text/markdown.ts";
import { commentOnPull } from "../../src/github/pull-comment.ts";
import { githubApi } from "../support/github-api.ts";

const PULL = {
  pull_request: {
    number: 7,
    head: { sha: "a", repo: { full_name: "octo/llm" } },
    base: { repo: { full_name: "octo/llm" } },
  },
};
const FORK_RUN = {
  workflow_run: {
    head_branch: "faster",
    head_sha: "a".repeat(40),
    head_repository: { full_name: "mallory/llm" },
    pull_requests: [],
  },
};

let log = "";
beforeEach(() => {
  log = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    log += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function comment(api: { url: string }, event: object, text = "faster", token: string | undefined = "bot") {
  await using folder = await createFixture();
  await writeFile(folder.getPath("event.json"), JSON.stringify(event));
  const env = {
    GITHUB_API_URL: api.url,
    GITHUB_REPOSITORY: "octo/llm",
    GITHUB_EVENT_PATH: folder.getPath("event.json"),
  };
  await commentOnPull({ name: "compare", text: md`${text}`, token }, env);
}

test("a pull request gets one comment, which later runs write anew in place", async () => {
  using api = await githubApi();
  await comment(api, PULL, "first");
  await comment(api, PULL, "second");
  expect(api.comments).toEqual([{ id: 1, body: "<!-- pitwall compare -->\nsecond", author: "bot" }]);
});

test("ours is found behind pages of others, and a person's that begins like ours is left alone", async () => {
  const theirs = [1, 2, 3].map((id) => ({ id, body: "<!-- pitwall compare --> mine!", author: `person-${id}` }));
  using api = await githubApi({
    comments: [...theirs, { id: 4, body: "<!-- pitwall compare -->\nold", author: "bot" }],
  });
  await comment(api, PULL);
  expect(api.comments.map(({ body }) => body)).toEqual([
    ...theirs.map(({ body }) => body),
    "<!-- pitwall compare -->\nfaster",
  ]);
});

describe("the pull request of a fork's workflow_run", () => {
  test("is found by its branch and the commit that ran", async () => {
    using api = await githubApi({ pulls: [{ number: 9, head: "mallory:faster", sha: "a".repeat(40) }] });
    await comment(api, FORK_RUN);
    expect(api.requests).toContain("POST /repos/octo/llm/issues/9/comments");
  });

  test("gets no numbers of another commit than its head", async () => {
    using api = await githubApi({ pulls: [{ number: 9, head: "mallory:faster", sha: "b".repeat(40) }] });
    await comment(api, FORK_RUN);
    expect(api.comments).toEqual([]);
    expect(log).toContain("this job is not about a pull request");
  });
});

test("a token that may only read is a warning that says what to do, and no failure", async () => {
  using api = await githubApi({ readOnly: true });
  await comment(api, PULL);
  expect(log).toMatch(
    /::warning::no comment: Resource not accessible by integration.*may only read: comment from a workflow_run/,
  );
});

test("a push has no pull request", async () => {
  using api = await githubApi();
  await comment(api, {});
  expect(log).toContain("no comment: this job is not about a pull request");
});

test("without a token nobody is asked", async () => {
  using api = await githubApi();
  await comment(api, PULL, "x", "");
  expect(api.requests).toEqual([]);
  expect(log).toContain("the step has no token");
});

test("a text that is too long for GitHub is cut at a line, and says so", async () => {
  using api = await githubApi();
  await comment(api, PULL, "a line of text\n".repeat(6000));
  expect(api.comments[0]!.body.length).toBeLessThanOrEqual(65_536);
  expect(api.comments[0]!.body).toContain("Cut here");
});
