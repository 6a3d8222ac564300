import { expect, test } from "vitest";
import { argumentValue, modelFacts } from "../../../src/result/series/model-facts.ts";

test.each([
  [["--quantization", "fp8"], "fp8"],
  [["--quantization=fp8"], "fp8"],
  [["-q", "fp8"], "fp8"],
  [["-q", "awq", "--quantization", "fp8"], "fp8"],
  [["--dtype", "half"], undefined],
  [[], undefined],
])("finds the quantization in %j", (args, expected) => {
  expect(argumentValue(args, "--quantization", "-q")).toBe(expected);
});

test("underscores in flags are hyphens, as vLLM reads them", () => {
  expect(modelFacts("m", ["--tensor_parallel_size", "4"], null).tensorParallel).toBe(4);
});

test.each([
  ["8", 8],
  ["0", 1],
  ["-2", 1],
  ["1.5", 1],
  ["auto", 1],
])("a tensor parallelism of %s is %d", (value, size) => {
  expect(modelFacts("m", ["-tp", value], null).tensorParallel).toBe(size);
});

test("facts that are not given stay null, and the engine's own word on dtype wins", () => {
  expect(modelFacts("m", ["--dtype", "auto"], "bfloat16")).toEqual({
    name: "m",
    revision: null,
    dtype: "bfloat16",
    quantization: null,
    tensorParallel: 1,
  });
});
