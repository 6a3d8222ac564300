import { expect, test } from "vitest";
import { readPerfCommand, requestRateIn } from "../../../src/arms/commits/perf-command.ts";
import { readCommitMapping } from "../../../src/images/specs/commit-mapping.ts";
import { MAPPING } from "../../support/patches/iso-bench.ts";

test.each([
  ["python benchmarks/benchmark_serving.py --model m", "serving"],
  ["vllm bench serve --model m", "serving"],
  ["VLLM_USE_V1=1 python benchmarks/benchmark_latency.py --model m", "latency"],
  ["vllm bench throughput --model m", "throughput"],
  ["python3 benchmarks/benchmark_prefix_caching.py --model m --enable-prefix-caching", "prefix_caching"],
  ["python benchmark_guided.py --model m", undefined],
])("%s measures %s", (command, benchmark) => {
  expect(readPerfCommand(command).benchmark).toBe(benchmark);
});

test("variables, flags with values and flags alone are told apart", () => {
  const { variables, flags } = readPerfCommand(
    "A=1 B='x y' python x.py --model m --seed=0 --enforce-eager -tp 4 --temp -1",
  );
  expect(variables).toEqual([
    ["A", "1"],
    ["B", "x y"],
  ]);
  expect(Object.fromEntries(flags)).toEqual({
    ...{ model: "m", seed: "0", enforce_eager: true, tensor_parallel_size: "4", temp: "-1" },
  });
});

test("a flag in brackets is left out, and no value of the one before it", () => {
  const { flags } = readPerfCommand("python x.py --enable-prefix-caching [--use-v2-block-manager]");
  expect([...flags]).toEqual([["enable_prefix_caching", true]]);
});

test("a finite rate is found in a command, and none in one that sends all at once or that no shell takes", () => {
  expect(requestRateIn("vllm bench serve --request-rate 200")).toBe(200);
  expect(requestRateIn("vllm bench serve --request-rate inf")).toBeUndefined();
  expect(requestRateIn("vllm bench serve")).toBeUndefined();
  expect(requestRateIn("vllm bench serve --request-rate '1")).toBeUndefined();
  expect(requestRateIn(undefined)).toBeUndefined();
});

test("every command of ISO-Bench's is understood", async () => {
  const pairs = await readCommitMapping(MAPPING);
  const kinds = pairs.map(({ perfCommand }) =>
    perfCommand === undefined ? "none" : readPerfCommand(perfCommand).benchmark,
  );
  const counts = Object.fromEntries([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]));
  expect(counts).toEqual({ serving: 73, latency: 15, throughput: 6, prefix_caching: 1, none: 1 });
});
