import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { pitwall } from "../support/cli.ts";

const LONG = "n".repeat(300);
const EXPORT = ["export", "--database", `${PACKAGE_ROOT}/fake_db`, "--format", "csv-wide", "--output"];
const SERVE = ["serve-benchmark", "--base-url", "http://127.0.0.1:1", "--start-timeout", "1"];
const DATES = JSON.stringify({
  entries: { all: [{ commit: { id: "a" }, date: 1e20, benches: [{ name: "latency", value: 1, unit: "s" }] }] },
});

describe("a place that cannot be used is said in one sentence, without a stack", () => {
  test.each<[string, string[], RegExp]>([
    ["a config that is a folder", ["validate", "--config", "folder"], /folder could not be read: it is a folder/],
    ["an output that is a folder", [...EXPORT, "folder"], /folder could not be written: it is a folder/],
    ["an output folder that is a file", ["start-engine", "--output", "file"], /file is no folder/],
    ["an output below a file", [...SERVE, "--output", "file/x"], /does not answer|a part of the path is a file/],
    ["a name that is too long", [...EXPORT, LONG], /could not be written: the name is too long/],
    ["a folder whose name is too long", [...SERVE, "--output", LONG], /the name is too long/],
    ["a dataset that is a folder", [...SERVE, "--dataset", "jsonl:folder"], /folder could not be read: it is a folder/],
    ["a place in which nobody may write", [...EXPORT, "/proc/numbers.csv"], /numbers.csv could not be written/],
    ["a date out of range", ["import", "dates.json", "--host-label", "h"], /dates.json: 1\d+ ms since 1970 is no date/],
  ])("%s", async (_, args, words) => {
    await using fixture = await createFixture({ folder: {}, file: "x", "dates.json": DATES });
    const { stderr, exitCode } = await pitwall(args, fixture.path);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/\n {4}at |\bE[A-Z]{4,}:/);
    expect([1, 2]).toContain(exitCode);
  });

  test("--debug shows the stack, with what caused it", async () => {
    await using fixture = await createFixture({ folder: {} });
    const { stderr } = await pitwall(["validate", "--config", "folder", "--debug"], fixture.path);
    expect(stderr).toMatch(/it is a folder[\s\S]*\n {4}at [\s\S]*caused by Error: EISDIR/);
  });
});
