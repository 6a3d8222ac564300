import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { imagesOfPairs, pairsNamed, readCommitMapping } from "../../../src/images/specs/commit-mapping.ts";
import { OwnImages } from "../../../src/images/specs/own-images.ts";

const [commit, parent, other] = ["a1b2".repeat(10), "c3d4".repeat(10), "a1b3".repeat(10)] as const;
const template = (engine?: unknown) =>
  OwnImages.parse({
    one: { "base-image": "ubuntu:22.04", python: "3.12", pytorch: "2.5.0", ...(engine ? { engine } : {}) },
  }).one!;

/** What a mapping of this content says. */
async function read(content: unknown) {
  await using folder = await createFixture({ "mapping.json": JSON.stringify(content) });
  return await readCommitMapping(folder.getPath("mapping.json"));
}

describe("ISO-Bench's mapping of commits", () => {
  test.each([
    [
      "matched commits",
      [{ human_short: "a1b2a1b2", human_full: commit, parent_short: parent.slice(0, 12), model: "m" }],
      parent.slice(0, 12),
    ],
    ["baselines", [{ human_commit_full: commit, parent_commit: parent, perf_command: "x" }], parent],
    ["modes", { a1b2a1b2: { commit_full: commit, parent_commit: parent, benchmark_mode: "serving" } }, parent],
    ["a mode without a parent", { a1b2a1b2: { commit_full: commit, parent_commit: null } }, undefined],
  ])("is read in the shape of %s", async (_, content, expected) => {
    expect(await read(content)).toEqual([expect.objectContaining({ commit, short: "a1b2a1b2", parent: expected })]);
  });

  test("with a commit of another length is refused by the field's name", async () => {
    await expect(read([{ human_full: "a1b2", parent_short: parent }])).rejects.toThrow(
      "human_full: must be a whole commit id",
    );
  });

  test("says how each was measured, and with which model in place of which", async () => {
    const measured = { perf_command: "vllm bench serve", model: "m/small", original_model: "m/large" };
    const [pair] = await read([
      { human_commit_full: commit, parent_commit: parent, docker_throughput: 0, ...measured },
    ]);
    expect(pair).toMatchObject({ perfCommand: "vllm bench serve", model: "m/small", originalModel: "m/large" });
    expect(pair!.baselineThroughput).toBeUndefined();
    const [unknown] = await read({ a1b2a1b2: { commit_full: commit, model: null, perf_command: "" } });
    expect(unknown).toMatchObject({ model: undefined, perfCommand: undefined });
  });

  test("whose first digits stand for two commits is refused, and both are named", async () => {
    const seven = ["a1b2a1b", "a1b2a1b"].map((human_short, index) => ({
      human_short,
      human_full: `a1b2a1b${String(index).repeat(33)}`,
    }));
    await expect(read(seven)).rejects.toThrow(
      `entries 1 and 2 cannot be told apart by a1b2a1b, with which both begin: a1b2a1b${"0".repeat(33)}, a1b2a1b${"1".repeat(33)}`,
    );
    await expect(read([{ human_full: commit }, { human_full: commit }])).rejects.toThrow(
      `entries 1 and 2 are both of ${commit}`,
    );
  });

  test("with first digits of another commit, or too few, is refused by entry and field", async () => {
    await expect(read([{ human_short: "ffffffff", human_full: commit }])).rejects.toThrow(
      "[0].human_short: is not how its whole commit id begins",
    );
    await expect(read([{ human_short: "a1b2", human_full: commit }])).rejects.toThrow(
      "[0].human_short: must be the first 7",
    );
  });

  test("gives the pairs whose commits begin as asked, or all", () => {
    const pairs = [commit, other].map((one) => ({ commit: one, parent }));
    expect(pairsNamed(pairs, ["a1b2a"])).toEqual([{ commit, parent }]);
    expect(pairsNamed(pairs, ["all"])).toEqual(pairs);
    expect(() => pairsNamed(pairs, ["a1b"])).toThrow("a1b is the beginning of several commits");
    expect(() => pairsNamed(pairs, ["ffff"])).toThrow("the mapping has no commit ffff; did you mean “a1b");
  });
});

describe("images of a commit and its parent", () => {
  test("have ISO-Bench's names, and the template's source at their commit", () => {
    const images = imagesOfPairs([{ commit, parent: parent.slice(0, 12) }], template({ source: "0000000" }));
    expect(
      Object.entries(images).map(([name, { engine }]) => [name, engine && "source" in engine && engine.source]),
    ).toEqual([
      [commit, commit],
      [`baseline-${parent.slice(0, 12)}`, parent.slice(0, 12)],
    ]);
  });

  test("need a whole id for a nightly wheel", () => {
    const nightly = template({ nightly: commit });
    expect(() => imagesOfPairs([{ commit, parent: parent.slice(0, 12) }], nightly)).toThrow("only 12 digits");
    expect(imagesOfPairs([{ commit, parent }], nightly)[commit]!.engine).toEqual({ nightly: commit });
  });

  test("cannot be made of a release, or without a parent", () => {
    expect(() => imagesOfPairs([{ commit, parent }], template({ release: "0.6.2" }))).toThrow("source or nightly");
    expect(() => imagesOfPairs([{ commit, parent: undefined }], template({ source: "0000000" }))).toThrow(
      "no parent of",
    );
  });
});
