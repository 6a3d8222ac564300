import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { readResults } from "../../../../src/arms/commits/read/results-folder.ts";
import { resultsIn } from "../../../support/patches/iso-bench.ts";

test("all of ISO-Bench's results are read, and those that it calls a success have numbers", async () => {
  const results = await readResults(resultsIn(""));
  const ends = Map.groupBy(results, ({ end }) => end);
  expect(Object.fromEntries([...ends].map(([end, all]) => [end, all.length]))).toEqual({
    ...{ measured: 127, failed: 50, image_missing: 8, timeout: 3, skipped: 2 },
  });
  expect(results.filter(({ arm }) => arm === "baseline")).toHaveLength(62);
});

describe("a folder of results", () => {
  test("may hold one that is broken, which is an arm without numbers", async () => {
    await using folder = await createFixture({ "a/0123abcd_agent_result.json": "{", "a/notes.json": "{}" });
    const [only, ...more] = await readResults(folder.path);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ arm: "agent", commit: "0123abcd", end: "failed" });
    expect(only!.error).toContain("0123abcd_agent_result.json is not valid JSON");
  });

  test("that has none is refused, and so is one that is not there", async () => {
    await using folder = await createFixture({ "notes.json": "{}" });
    await expect(readResults(folder.path)).rejects.toThrow("has no results: no file is called like");
    await expect(readResults(folder.getPath("nowhere"))).rejects.toThrow("could not be read");
  });
});
