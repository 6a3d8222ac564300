import { expect, test } from "vitest";
import {
  datasetOfArgument,
  numberOf,
  parameterOf,
  positiveOf,
  sideOf,
  textOf,
} from "../../../src/formats/vllm/args.ts";

test.each<[unknown, number | undefined]>([
  [7, 7],
  ["-7.5", -7.5],
  ["512", 512],
  ["0x10", undefined],
  ["", undefined],
  [true, undefined],
  [null, undefined],
  [Number.POSITIVE_INFINITY, undefined],
  [Number.NaN, undefined],
])("of %s the number is %s", (value, number) => expect(numberOf(value)).toBe(number));

test("0 and less is no size, and an empty text no name", () => {
  expect([0, -1, "0", "3"].map(positiveOf)).toEqual([undefined, undefined, undefined, 3]);
  expect(["", "a", 1].map(textOf)).toEqual([undefined, "a", undefined]);
});

test.each<[unknown, unknown]>([
  [null, undefined],
  [undefined, undefined],
  ["", undefined],
  [0, 0],
  [false, false],
  ["a", "a"],
  [["a", 1], "a,1"],
  [[{ a: 1 }], '[{"a":1}]'],
  [{ a: 1 }, '{"a":1}'],
])("as a parameter %j is %j", (value, parameter) => expect(parameterOf(value)).toBe(parameter));

test("an argument goes to the client, to the engine or to nobody's effect", () => {
  expect(["temperature", "random_input_len", "max_num_seqs", "label"].map(sideOf)).toEqual([
    ...["bench", "bench", "engine", "silent"],
  ]);
  expect(["sharegpt_output_len", "sharegpt"].map(datasetOfArgument)).toEqual(["sharegpt", undefined]);
});
