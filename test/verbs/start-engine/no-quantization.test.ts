import { readFileSync } from "node:fs";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { withoutNoQuantization } from "../../../src/verbs/start-engine/no-quantization.ts";
import { inProcess } from "../../support/command-line.ts";

const left = (...engineArgs: string[]) => withoutNoQuantization({ engineArgs }, { info() {} }).engineArgs;

test.each([
  [["--quantization", "off"], []],
  [
    ["--quantization=none", "--seed", "1"],
    ["--seed", "1"],
  ],
  [["-q", "None", "--enforce-eager"], ["--enforce-eager"]],
  [
    ["--quantization", "fp8"],
    ["--quantization", "fp8"],
  ],
  [["--quantization", "fp8", "-q", "off"], []],
  [
    ["--quantization", "off", "-q", "fp8"],
    ["-q", "fp8"],
  ],
  [
    ["--speculative-config", "off"],
    ["--speculative-config", "off"],
  ],
])("%j is %j for the engine", (given, expected) => {
  expect(left(...given)).toEqual(expected);
});

test("a run says it once, and neither engine nor document hears of it", async () => {
  await using folder = await createFixture();
  const run = ["--preset", "sanity", "--skip-site", "--database", folder.getPath("db.git"), "--model", "sim/tiny"];
  const output = folder.getPath("out");
  const args = ["--engine-args", "--quantization none", "--benchmarks", "startup-benchmark,serve-benchmark"];
  const { stderr, exitCode } = await inProcess(["run", "--output", output, ...run, ...args]);
  expect(exitCode, stderr).toBe(0);
  expect(stderr.match(/--quantization none means none and is left out/g)).toHaveLength(1);
  expect(JSON.parse(readFileSync(`${output}/run.json`, "utf8")).engine.args).toEqual([]);
});
