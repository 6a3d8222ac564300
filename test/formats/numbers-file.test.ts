import { describe, expect, test } from "vitest";
import { readNumbers } from "../../src/formats/numbers-file.ts";

const read = (text: string, column?: string) => readNumbers({ text, name: "mine" }, column);

describe("one's own numbers", () => {
  test("as a JSON array; null is a run without a number", () =>
    expect(read("[1, 2.5, null]")).toEqual({ values: [1, 2.5, null], restarts: [] }));

  test("as an object that says which way is better, and where a new level begins", () =>
    expect(read('{"values":[3,4],"better":"lower","restarts":[1]}')).toEqual({
      values: [3, 4],
      better: "lower",
      restarts: [1],
    }));

  test("as the only column with numbers, the one that is named, or bare lines", () => {
    expect(read("commit,ms\nabc,1\ndef,\nghi,3e2\n").values).toEqual([1, null, 300]);
    expect(read("a,b\n1,2\n3,4\n", "b").values).toEqual([2, 4]);
    expect(read("\uFEFF7\r\n8\r\n").values).toEqual([7, 8]);
  });
});

describe("what is none of that is an error that says what to mend:", () => {
  test.each([
    ["[]", "mine does not have the expected form:\nmust hold at least one number"],
    ['[1,"x"]', "mine does not have the expected form:\n[1]: must be a number"],
    ['{"values":[1],"better":"up"}', "better: must be"],
    ['{"values":[1],"restarts":[1]}', "restarts: must be places in values, counted from 0"],
    ['{"value":[1]}', "did you mean “values”?"],
    ["a,b\n1,2\n", "mine has the columns a, b: name one with --column"],
    ["a,b\nx,y\n", "mine has the columns a, b: name one with --column"],
    ["", "mine is empty"],
  ])("%s", (text, message) => expect(() => read(text)).toThrow(message));

  test("a column that is not there, holds words, or is asked of JSON", () => {
    expect(() => read("a,b\n1,2\n", "c")).toThrow("mine has no column c; there are a, b");
    expect(() => read("a,b\n1,2\nn/a,3\n", "a")).toThrow('mine:3: a must be a number (got "n/a")');
    expect(() => read("[1]", "a")).toThrow("mine is JSON and has no column a: leave --column out");
  });
});
