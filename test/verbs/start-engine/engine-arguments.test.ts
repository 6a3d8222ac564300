import { existsSync } from "node:fs";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { LIMITS, MOST } from "../../../src/foreign-text/limits.ts";
import { checkEngineArguments } from "../../../src/verbs/start-engine/engine-arguments.ts";
import { pitwall } from "../../support/cli.ts";

const TOO_MANY = "--a ".repeat(MOST.arguments + 1);

test.each([
  "start-engine",
  "startup-benchmark",
  "latency-sweep --model m",
  "throughput-benchmark --model m",
  "run",
  "run --dry-run",
  "run --axis max-num-seqs=1,2",
])("%s refuses more engine arguments than a document may have, and starts nothing", async (command) => {
  await using folder = await createFixture({});
  const { stderr, exitCode } = await pitwall([...command.split(" "), "--engine-args", TOO_MANY], folder.path);
  expect(stderr).toMatch(
    /^error: --engine-args has 1,00[13] arguments of the engine, more than the 1,000 that a document may have: give fewer/,
  );
  expect(exitCode).toBe(2);
  expect(existsSync(folder.getPath(".pitwall/out/engine.json"))).toBe(false);
  expect(existsSync(folder.getPath(".pitwall/out/cells"))).toBe(false);
});

describe("engine arguments", () => {
  const many = (count: number) => new Array<string>(count).fill("--a");

  test("are counted with those that --on-oom shrink may add", () => {
    expect(() => checkEngineArguments({ engineArgs: many(1000), onOom: "fail" })).not.toThrow();
    expect(() => checkEngineArguments({ engineArgs: many(1000), onOom: "shrink" })).toThrow("has 1,002 arguments");
    const withLength = [...many(998), "--max-model-len", "4096"];
    expect(() => checkEngineArguments({ engineArgs: withLength, onOom: "shrink" })).not.toThrow();
  });

  test("are counted as long as the document keeps each", () => {
    const long = "x".repeat(LIMITS.argument + 1_000_000);
    expect(() => checkEngineArguments({ engineArgs: new Array(9).fill(long), onOom: "fail" })).not.toThrow();
    expect(() => checkEngineArguments({ engineArgs: new Array(10).fill(long), onOom: "fail" })).toThrow(
      /--engine-args has 100,\d+ characters in the arguments of the engine, more than the 100,000/,
    );
  });
});
