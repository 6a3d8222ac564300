import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type NamedSource, triggerFacts } from "../../../src/verbs/trigger/trigger.ts";
import { git, isolated } from "../../support/git-repository.ts";

const ME = ["-c", "user.name=Octo", "-c", "user.email=octo@example.org"];
let fixture: FsFixture;
/** One commit after the other on main, and one beside them. */
let one: string, two: string, three: string, aside: string;
const home = process.cwd();

beforeAll(async () => {
  fixture = await createFixture({ "repo/file": "1", "plain/file": "1", elsewhere: {} });
  const repo = fixture.getPath("repo");
  git(repo, "init", "--quiet", "--initial-branch=main");
  git(repo, "add", "file");
  const commit = (subject: string) => {
    git(repo, ...ME, "commit", "--quiet", "--allow-empty", "-m", subject);
    return git(repo, "rev-parse", "HEAD");
  };
  [one, two, three] = ["one", "two", "three"].map(commit) as [string, string, string];
  git(repo, "checkout", "--quiet", "-b", "feature", one);
  aside = commit("aside");
  git(repo, "remote", "add", "origin", "https://ghes.example.com/octo/llm.git");
});
afterAll(async () => {
  process.chdir(home);
  await fixture.rm();
});

interface Job {
  at?: string;
  event?: string;
  payload?: object;
  env?: NodeJS.ProcessEnv;
  named?: NamedSource;
  folder?: string;
}

/** The facts of a job of octo/llm on main at its third commit, which has `at` checked out. */
async function factsOf({ at, event = "workflow_dispatch", payload = {}, env = {}, named = {}, folder = "repo" }: Job) {
  if (at !== undefined) git(fixture.getPath("repo"), "checkout", "--quiet", ...at.split(" "));
  await fixture.writeFile("event.json", JSON.stringify({ repository: { full_name: "octo/llm" }, ...payload }));
  process.chdir(fixture.getPath(folder));
  const workflow = {
    ...{ GITHUB_RUN_ID: "7", GITHUB_REPOSITORY: "octo/llm", GITHUB_SERVER_URL: "https://ghes.example.com" },
    ...{ GITHUB_SHA: three, GITHUB_REF: "refs/heads/main", GITHUB_EVENT_NAME: event },
    GITHUB_EVENT_PATH: fixture.getPath("event.json"),
  };
  const facts = await triggerFacts(named, { ...process.env, ...isolated, ...workflow, ...env });
  const { commit, ref, subject, workflowCommit, workflowRef } = facts.trigger;
  return { ...facts, short: { commit, ref, subject, workflowCommit, workflowRef } };
}

describe("the commit is the one that is checked out", () => {
  test("and says nothing more where that is the workflow's", async () => {
    const { trigger, warnings } = await factsOf({ at: "main" });
    expect(trigger).toEqual({
      ...{ repository: "octo/llm", commit: three, ref: "refs/heads/main", subject: "three" },
      ...{ runUrl: "https://ghes.example.com/octo/llm/actions/runs/7", attempt: 1, job: null },
    });
    expect(warnings).toEqual([]);
  });

  test("an earlier commit of the branch is still of that branch, both are recorded, and a warning says so", async () => {
    const { short, warnings } = await factsOf({ at: `--detach ${one}` });
    expect(short).toEqual({ commit: one, ref: "refs/heads/main", subject: "one", workflowCommit: three });
    expect(warnings).toEqual([
      expect.stringContaining(`what is checked out is ${one} (one), and not the workflow's commit ${three}`),
    ]);
  });

  test("another branch is that branch, beside the workflow's", async () => {
    const { short } = await factsOf({ at: "feature" });
    const workflow = { workflowCommit: three, workflowRef: "refs/heads/main" };
    expect(short).toEqual({ commit: aside, ref: "refs/heads/feature", subject: "aside", ...workflow });
  });

  test("a commit that nobody knows a branch of has no ref, and never that of the workflow", async () => {
    const { short, warnings } = await factsOf({ at: `--detach ${aside}` });
    expect(short).toMatchObject({ commit: aside, ref: null, workflowRef: "refs/heads/main" });
    expect(warnings).toEqual([expect.stringContaining("name it with --ref")]);
  });

  test("with changes on top it is marked", async () => {
    await fixture.writeFile("repo/file", "2");
    const { trigger, warnings } = await factsOf({});
    git(fixture.getPath("repo"), "checkout", "--quiet", "--", "file");
    expect(trigger.modified).toBe(true);
    expect(warnings).toContainEqual(expect.stringContaining("tracked files differ from the commit"));
  });

  test("without a checkout it is the workflow's, and a line says so", async () => {
    const { short, warnings } = await factsOf({ folder: "plain" });
    expect(short).toEqual({ commit: three, ref: "refs/heads/main", subject: null });
    expect(warnings).toEqual([
      expect.stringMatching(/filed under [0-9a-f]{40}, as the workflow says, .* no git repository/),
    ]);
  });

  test("where git refuses the folder of another user it says git's cause and what to do", async () => {
    const { short, warnings } = await factsOf({ at: "main", env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" } });
    expect(short.commit).toBe(three);
    const advice = `git config --global --add safe.directory ${fixture.getPath("repo")}`;
    expect(warnings).toEqual([expect.stringMatching(/dubious ownership/)]);
    expect(warnings[0]).toContain(advice);
  });
});

describe("pull requests", () => {
  const pull = (head: string, base = "octo/llm") => ({
    pull_request: {
      number: 12,
      head: { sha: aside, ref: "main", repo: { full_name: head } },
      base: { ref: "main", repo: { full_name: base } },
    },
  });
  const env = () => ({ GITHUB_REF: "refs/pull/12/merge", GITHUB_BASE_REF: "main", GITHUB_SHA: three });

  test("the merge commit that GitHub made is no surprise", async () => {
    const job = { at: `--detach ${three}`, event: "pull_request", payload: pull("octo/llm"), env: env() };
    const { short, warnings } = await factsOf(job);
    expect(short).toEqual({ commit: three, ref: "refs/pull/12/merge", subject: "three" });
    expect(warnings).toEqual([]);
  });

  test.each(["pull_request", "pull_request_target"])("the head commit is of the pull request, %s", async (event) => {
    const target = event === "pull_request" ? env() : { ...env(), GITHUB_REF: "refs/heads/main" };
    const { short } = await factsOf({ at: `--detach ${aside}`, event, payload: pull("mallory/llm"), env: target });
    expect(short).toMatchObject({ commit: aside, ref: "refs/pull/12/merge", workflowCommit: three });
  });
});

describe("a workflow that another one started", () => {
  const started = (home: string, event = "push") => ({
    workflow_run: { event, head_branch: "main", head_sha: aside, head_repository: { full_name: home } },
  });

  test("measures the other's commit on the other's branch", async () => {
    const { short } = await factsOf({ at: `--detach ${aside}`, event: "workflow_run", payload: started("octo/llm") });
    expect(short).toMatchObject({ commit: aside, ref: "refs/heads/main", workflowCommit: three });
  });

  test("a fork's branch of the same name is not ours, checked out by commit or by name", async () => {
    const payload = started("mallory/llm", "pull_request");
    const byCommit = await factsOf({ at: `--detach ${aside}`, event: "workflow_run", payload });
    expect(byCommit.short).toMatchObject({ commit: aside, ref: "mallory:main", workflowRef: "refs/heads/main" });
    git(fixture.getPath("repo"), "remote", "set-url", "origin", "https://token@ghes.example.com/mallory/llm");
    const byName = await factsOf({ at: `-B main ${two}`, event: "workflow_run", payload });
    git(fixture.getPath("repo"), "branch", "--force", "feature", aside);
    git(fixture.getPath("repo"), "remote", "set-url", "origin", "https://ghes.example.com/octo/llm.git");
    git(fixture.getPath("repo"), "checkout", "--quiet", "-B", "main", three);
    expect(byName.short).toMatchObject({ commit: two, ref: "mallory:main" });
    expect(byName.trigger.sourceRepository).toBe("https://ghes.example.com/mallory/llm");
  });

  test("that checked out the default branch measured that", async () => {
    const { short } = await factsOf({ at: "main", event: "workflow_run", payload: started("mallory/llm") });
    expect(short).toEqual({ commit: three, ref: "refs/heads/main", subject: "three" });
  });

  test("without a checkout it is about the other's commit", async () => {
    const { short } = await factsOf({ folder: "plain", event: "workflow_run", payload: started("mallory/llm") });
    expect(short).toMatchObject({ commit: aside, ref: "mallory:main", workflowCommit: three });
  });
});

describe("what is named", () => {
  test("comes before what is found, and the workflow's commit stays beside it", async () => {
    const named = { commit: "A".repeat(40), ref: "release", subject: "Fuse it\n\nat last" };
    const { trigger, warnings } = await factsOf({ at: "main", named });
    expect(trigger).toMatchObject({ commit: "a".repeat(40), ref: "refs/heads/release", subject: "Fuse it" });
    expect(trigger).toMatchObject({ workflowCommit: three, workflowRef: "refs/heads/main", sourceRepository: null });
    expect(warnings).toEqual([]);
  });

  test("a short commit is looked up in the named checkout, with its subject", async () => {
    const named = { commit: two.slice(0, 8), sourceDir: fixture.getPath("repo") };
    const { short, trigger } = await factsOf({ at: "main", folder: "plain", named });
    expect(short).toMatchObject({ commit: two, subject: "two", ref: "refs/heads/main", workflowCommit: three });
    expect(trigger).not.toHaveProperty("sourceRepository");
  });

  test("a checkout of another repository tells commit, branch, subject and where they are to be seen", async () => {
    const env = { GITHUB_REPOSITORY: "octo/benchmarks", GITHUB_SHA: "b".repeat(40) };
    const { trigger } = await factsOf({
      at: "main",
      folder: "plain",
      named: { sourceDir: fixture.getPath("repo") },
      env,
    });
    expect(trigger).toMatchObject({ commit: three, ref: "refs/heads/main", subject: "three" });
    expect(trigger.sourceRepository).toBe("https://ghes.example.com/octo/llm");
  });

  test.each<[NamedSource, RegExp]>([
    [{ commit: "main" }, /--commit main is no commit: give the 40 digits/],
    [{ commit: "f".repeat(41) }, /is no commit/],
    [{ commit: "ffffffff" }, /the current folder has no one commit that begins so.*--source-dir/],
    [{ sourceDir: "nowhere" }, /nowhere tells of no commit: there is no such folder/],
    [{ sourceDir: "../plain" }, /plain tells of no commit: it belongs to no git repository/],
    [{ ref: "no ref" }, /“no ref” is no git ref/],
  ])("%j is refused in a sentence", async (named, message) => {
    await expect(factsOf({ at: "main", named })).rejects.toThrow(message);
  });
});

test("a clone of a folder, whose origin is on no server, is as good", async () => {
  git(fixture.path, "clone", "--quiet", fixture.getPath("repo"), fixture.getPath("clone"));
  const branch = git(fixture.getPath("clone"), "symbolic-ref", "HEAD");
  const { trigger } = await factsOf({ folder: "clone", env: { GITHUB_RUN_ID: undefined } });
  expect(trigger).toMatchObject({ ref: branch, repository: null });
});

test("outside of a workflow the checkout alone speaks", async () => {
  const none = { GITHUB_RUN_ID: undefined };
  const { trigger, warnings } = await factsOf({ at: "feature", env: none });
  expect(trigger).toEqual({
    ...{ repository: null, commit: aside, ref: "refs/heads/feature", subject: "aside" },
    ...{ runUrl: null, attempt: 1, job: null },
  });
  expect(warnings).toEqual([]);
  expect((await factsOf({ folder: "plain", env: none })).trigger).toMatchObject({ commit: null, ref: null });
});
