import { expect, test } from "vitest";
import { argumentsChange, effectiveArguments } from "../../../src/result/series/engine-arguments.ts";

const textOf = (args: string) => effectiveArguments(args.split(" "));

test.each([
  ["the order", "--max-num-seqs 64 --enforce-eager", "--enforce-eager --max-num-seqs 64"],
  ["the spelling", "--max_num_seqs=64", "--max-num-seqs 64"],
  ["how a number is written", "--gpu-memory-utilization 0.90", "--gpu-memory-utilization 0.9"],
  ["the spacing and order of JSON", '--compilation-config {"b":1,"a":[2]}', '--compilation-config={"a":[2],"b":1}'],
  ["a short name", "-pp 2", "--pipeline-parallel-size 2"],
  ["what an earlier one said", "--max-num-seqs 64 --max-num-seqs 128", "--max-num-seqs 128"],
  ["an earlier opposite", "--enable-prefix-caching --no-enable-prefix-caching", "--no-enable-prefix-caching"],
  ["where it listens", "--max-num-seqs 64 --host 0.0.0.0 --port 9000", "--max-num-seqs 64"],
  ["its name for clients", "--max-num-seqs 64 --served-model-name a b", "--max-num-seqs 64"],
  ["its log", "--max-num-seqs 64 --uvicorn-log-level=warning --no-enable-log-requests", "--max-num-seqs 64"],
  ["what has its own place in a context", "-tp 2 --quantization fp8 --max-num-seqs 64", "--max-num-seqs 64"],
])("two that differ in %s only are equal", (_, one, other) => {
  expect(textOf(one)).toBe(textOf(other));
});

test.each([
  ["another value", "--max-num-seqs 64", "--max-num-seqs 128"],
  ["one more", "--max-num-seqs 64", "--max-num-seqs 64 --enforce-eager"],
  ["its opposite", "--enable-prefix-caching", "--no-enable-prefix-caching"],
  ["one of several values", "--cudagraph-capture-sizes 1 2", "--cudagraph-capture-sizes 1 4"],
  ["a flag that nobody here knows", "--block-skipping", "--something-new"],
])("%s makes a difference", (_, one, other) => {
  expect(textOf(one)).not.toBe(textOf(other));
});

test("a negative number is a value", () => {
  expect(textOf("--long-prefill-token-threshold -1")).toBe("--long-prefill-token-threshold -1");
});

test("a change is named flag by flag", () => {
  const before = textOf("--max-num-seqs 64 --block-size 16 --cudagraph-capture-sizes 1 2");
  const now = textOf("--max-num-seqs 128 --enforce-eager --cudagraph-capture-sizes 1 2");
  expect(argumentsChange(before, now)).toBe("--block-size 16 removed, --enforce-eager added, --max-num-seqs 64 → 128");
});

test("none at all is the empty text, and so is a change of nothing", () => {
  expect(effectiveArguments([])).toBe("");
  expect(argumentsChange("", "")).toBe("");
});
