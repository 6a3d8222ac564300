import { expect, test } from "vitest";
import { readStartupFile } from "../../../src/result/vllm/startup-file.ts";

const compiledIn = (times: number[]) => {
  const file = { cold_startup_times: [20, 22], cold_compilation_times: times };
  return readStartupFile(JSON.stringify(file), "s.json").starts[0]!.metrics.compile_s;
};

test("compiling is told where every start has a time for it, and one of them took any", () => {
  expect(compiledIn([5, 7])).toMatchObject({ count: 2, mean: 6 });
  expect(compiledIn([0, 7])).toMatchObject({ count: 2, mean: 3.5 });
  expect(compiledIn([0, 0])).toBeUndefined();
  expect(compiledIn([5])).toBeUndefined();
});
