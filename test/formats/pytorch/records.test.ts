import { expect, test } from "vitest";
import { areOurs, argsOf, recordsIn } from "../../../src/formats/pytorch/records.ts";

const record = (info?: object) => ({
  benchmark: { name: "b", ...(info && { extra_info: info }) },
  model: { name: "m" },
  metric: { name: "latency", benchmark_values: [1] },
});
const read = (text: string) => recordsIn({ name: "r.json", text });
const line = JSON.stringify(record());

test("records are a list, one alone, or one a line", () => {
  expect(read(`[${line}, ${line}]`)).toHaveLength(2);
  expect(read(line)).toHaveLength(1);
  expect(read(`${line}\n\n${line}\n`)).toHaveLength(2);
  expect(read(JSON.stringify([record()], null, 1))).toHaveLength(1);
});

test("no record, or half of one, is refused", () => {
  expect(() => read("[]")).toThrow("r.json is not in PyTorch's benchmark format");
  expect(() => read('{"benchmark": {}}')).toThrow("r.json is not in PyTorch's benchmark format");
});

test("records are ours when every one names its cell", () => {
  const [ours, theirs] = [record({ cell: "a/b" }), record({ args: { n: 2 } })];
  expect(areOurs(read(JSON.stringify([ours, ours])))).toBe(true);
  expect(areOurs(read(JSON.stringify([ours, theirs])))).toBe(false);
  expect(read(JSON.stringify([ours, theirs])).map(argsOf)).toEqual([{}, { n: 2 }]);
});
