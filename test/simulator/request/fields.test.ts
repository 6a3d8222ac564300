import { expect, test } from "vitest";
import {
  bool,
  either,
  float,
  type Issue,
  int,
  listOf,
  literal,
  model,
  type Reader,
  text,
} from "../../../src/simulator/request/fields.ts";

function read<T>(reader: Reader<T>, value: unknown): T | string[] {
  const issues: Issue[] = [];
  const result = reader(value, "body", issues);
  return issues.length === 0 ? result : issues.map(({ type, loc }) => `${type} at ${loc}`);
}

test.each([
  [int(), "7", 7],
  [int(), true, 1],
  [int(), 2.0, 2],
  [int(), 2.5, ["int_from_float at body"]],
  [int(), "2.5", ["int_parsing at body"]],
  [int(), [], ["int_type at body"]],
  [int(), 2 ** 70, ["int_parsing_size at body"]],
  [int({ min: -1 }), -2, ["greater_than_equal at body"]],
  [float, "1e-3", 0.001],
  [float, "hot", ["float_parsing at body"]],
  [float, null, ["float_type at body"]],
  [bool, "yes", true],
  [bool, 0, false],
  [bool, 5, ["bool_parsing at body"]],
  [bool, [], ["bool_type at body"]],
  [text, 5, ["string_type at body"]],
  [listOf(int()), [1, "a", {}], ["int_parsing at body.1", "int_type at body.2"]],
  [listOf(int(), { max: 1 }), [1, 2], ["too_long at body"]],
  [listOf(int()), "1", ["list_type at body"]],
  [literal("a", "b"), "c", ["literal_error at body"]],
  [either(int(), text), "a", "a"],
  [either(int(), listOf(int())), "a", ["int_parsing at body", "list_type at body"]],
  [model({ a: int() }, ["b"]), { a: "x", c: 1 }, ["int_parsing at body.a", "missing at body.b"]],
  [model({ a: int() }), { a: 1, c: 1 }, { a: 1 }],
])("a value is read as leniently as Pydantic reads it (%#)", (reader, value, expected) => {
  expect(read(reader as Reader<unknown>, value)).toEqual(expected);
});
