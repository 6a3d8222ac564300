import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { readAgentRuns } from "../../../../src/arms/commits/read/agent-runs.ts";

const PATCH = "diff --git a/x.py b/x.py\n";
const summary = (change: object = {}, human = "a1b2a1b2") =>
  JSON.stringify({
    schema_version: "1.0",
    meta: { repo: "vllm", agent: "claude_code", model: "default", timestamp: "2025-12-22_21-40-38" },
    commits: { human, pre: "c3d4" },
    agent: { status: "success", patch_generated: true, duration_s: 9 },
    ...change,
  });

describe("patches of an agent's runs", () => {
  test("are found however deep they lie, with the agent and the commit", async () => {
    await using folder = await createFixture({
      "vllm/claude_code/default/t/vllm_core-0000": { "run_summary.json": summary(), "model_patch.diff": PATCH },
    });
    const [only, ...more] = await readAgentRuns(folder.path);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ agent: "claude_code", commit: "a1b2a1b2", patch: PATCH });
    expect(only!.file).toContain("vllm_core-0000/model_patch.diff");
  });

  test("are empty where the agent wrote none, or says that it did not", async () => {
    const none = summary({ agent: { status: "error", patch_generated: false } });
    await using folder = await createFixture({
      "a/run_summary.json": summary(),
      b: { "run_summary.json": none, "model_patch.diff": PATCH },
    });
    expect((await readAgentRuns(folder.path)).map(({ patch }) => patch)).toEqual(["", ""]);
  });

  test("come in the order of its runs, and are of the name that is given", async () => {
    const at = (timestamp: string) => summary({ meta: { agent: "codex", model: "large", timestamp } });
    await using folder = await createFixture({ "a/run_summary.json": at("2"), "b/run_summary.json": at("1") });
    expect((await readAgentRuns(folder.path)).map(({ agent, at }) => [agent, at])).toEqual([
      ["codex-large", "1"],
      ["codex-large", "2"],
    ]);
    expect((await readAgentRuns(folder.path, "mine"))[0]!.agent).toBe("mine");
  });
});

test("files that are called like their commit are patches of the folder's agent", async () => {
  await using folder = await createFixture({ "mine/015069b0.patch": PATCH, "mine/notes.txt": "" });
  expect(await readAgentRuns(folder.getPath("mine"))).toMatchObject([
    { agent: "mine", commit: "015069b0", patch: PATCH },
  ]);
});

describe("what has no patches is refused", () => {
  test("a folder without any, or that is not there", async () => {
    await using folder = await createFixture({ "notes.txt": "" });
    await expect(readAgentRuns(folder.path)).rejects.toThrow("has no patches");
    await expect(readAgentRuns(folder.getPath("nowhere"))).rejects.toThrow("could not be read");
  });

  test.each<[string, string, string]>([
    ["of another version", summary({ schema_version: "2.0" }), "schema_version: must be 1.x"],
    ["without a commit", summary({}, "abc"), "commits.human: must be the first digits"],
    ["that is no JSON", "{", "is not valid JSON"],
  ])("a summary %s", async (_, content, words) => {
    await using folder = await createFixture({ "a/run_summary.json": content });
    await expect(readAgentRuns(folder.path)).rejects.toThrow(words);
    await expect(readAgentRuns(folder.path)).rejects.toThrow("a/run_summary.json");
  });
});
