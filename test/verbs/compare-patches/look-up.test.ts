import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { comparePatches } from "../../../src/verbs/compare-patches/compare-patches.ts";
import { resolveInputs } from "../../../src/verbs/schema/resolve-inputs.ts";
import { MAPPING } from "../../support/patches/iso-bench.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { registryServer } from "../../support/registry-server.ts";

const HUMAN = "015069b01741e9ecb9e604c7fe87fbdfc306ebe5";
const BASELINE = "baseline-fbefc8a78d22";
/** No Docker, so that what is on this machine does not matter. */
const tools = () => recordingTools({ env: { PATH: "" } });
const run = (given: Record<string, unknown>) =>
  comparePatches.run(
    resolveInputs(comparePatches, { mapping: MAPPING, ...given }, {}, {}, () => undefined),
    tools(),
  );

describe("a list of images", () => {
  test("says of every commit which of its images the repository has, over all pages of its tags", async () => {
    const others = Array.from({ length: 8 }, (_, index) => `tag-${index}`);
    await using server = await registryServer({ tags: [...others, HUMAN, BASELINE], page: 3, wantsToken: true });
    const { text, outputs, json } = await run({ listImages: true, imageRepository: server.repository });
    expect(outputs).toMatchObject({ commits: 96, complete: 1 });
    expect(text).toContain(`| ${HUMAN} | yes | yes |`);
    expect(text).toContain("| 0ec82edda59aaf5cf3b07aadf4ecce1aa1131add | missing | missing |");
    expect(text).toContain(
      "1 of 96 commits have both images. The repository has 1 tags of commits and 1 of baselines.",
    );
    const { tags, images } = json as { tags: object; images: object[] };
    expect(tags).toEqual({ all: 10, human: 1, baseline: 1 });
    expect(images[0]).toEqual({
      ...{ commit: HUMAN, human: { tag: HUMAN, exists: true }, baseline: { tag: BASELINE, exists: true } },
    });
  });

  test("of a registry that refuses is an error, not a list of missing images", async () => {
    await using server = await registryServer({ tags: [], status: 401 });
    await expect(run({ listImages: true, imageRepository: server.repository })).rejects.toThrow("it wants an account");
  });
});

describe("a dry run", () => {
  test("says images, patches and parameters of each commit, and runs nothing", async () => {
    await using server = await registryServer({ tags: [HUMAN, BASELINE] });
    await using folder = await createFixture({
      "claude/015069b0.patch": "diff --git a/x b/x\n",
      "claude/ffffffff.patch": "",
    });
    const given = { dryRun: true, imageRepository: server.repository, commits: ["015069b0"] };
    const { text, json } = await run({ ...given, patches: [folder.getPath("claude")] });
    expect(text).toBe(
      [
        `${HUMAN} Qwen/Qwen3-1.7B`,
        `  baseline: ${server.repository}:${BASELINE} (in its registry)`,
        `  human: ${server.repository}:${HUMAN} (in its registry)`,
        `  claude: ${server.repository}:${BASELINE} (in its registry) + ${folder.getPath("claude/015069b0.patch")}`,
        "  serving: 100 requests, 512 tokens in, 64 out, 16 in flight, 1 a second, 10 to warm up, chat, seed 0, 600 s at most",
        "  note: random prompts instead of sharegpt",
      ].join("\n"),
    );
    expect(JSON.stringify(json)).not.toContain("diff --git");
  });

  test("names what is missing, and what cannot be measured", async () => {
    await using server = await registryServer({ tags: [HUMAN] });
    const { text } = await run({ dryRun: true, imageRepository: server.repository, commits: ["015069b0", "3127e975"] });
    expect(text).toContain(`baseline: ${server.repository}:${BASELINE} (MISSING): image_missing, `);
    expect(text).toMatch(/^3127e975\S+ no model$[\s\S]*not measured: the mapping has no perf_command/m);
  });

  test("looks for no image that it does not need", async () => {
    await using server = await registryServer({ tags: [HUMAN] });
    await run({ dryRun: true, imageRepository: server.repository, commits: ["015069b0"], type: "human" });
    expect(server.asked).toEqual([`HEAD /v2/acme/vllm/manifests/${HUMAN}`]);
  });
});

describe("what cannot be asked together, or of nothing, is refused", () => {
  test.each<[Record<string, unknown>, string]>([
    [{ results: ["x"], dryRun: true, patches: ["y"] }, "leave out --patches, --dry-run"],
    [{ dryRun: true, listImages: true }, "either --dry-run or --list-images"],
    [{ mapping: undefined, dryRun: true }, "--mapping FILE says which commits there are"],
    [{ dryRun: true, commits: ["0"] }, "beginning of several commits"],
    [{ dryRun: true, patches: ["/nowhere/patches"] }, "/nowhere/patches could not be read"],
  ])("%j", async (given, words) => {
    await expect(run(given)).rejects.toThrow(words);
  });

  test("a repository with a tag, and an arm of nobody", () => {
    const inputs = (given: object) => comparePatches.inputs.safeParse(given).error?.message;
    expect(inputs({ imageRepository: "acme/vllm:latest" })).toContain("must be a repository without a tag");
    expect(inputs({ type: "robot" })).toContain("must be one of baseline, human, agent");
  });
});
