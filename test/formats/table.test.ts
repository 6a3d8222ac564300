import { describe, expect, test } from "vitest";
import { checkColumns, countIn, numberIn, readCsv } from "../../src/formats/table.ts";

const table = (text: string) => readCsv({ name: "a.csv", text });
const cells = (text: string) => {
  const { header, rows } = table(text);
  return rows.map((row) => header.map((column) => row.text(column)));
};

describe("a table", () => {
  test.each([
    ["LF", "a,b\n1,2\n3,4\n"],
    ["CRLF", "a,b\r\n1,2\r\n3,4\r\n"],
    ["a mark of UTF-8, spaces and empty lines", "\uFEFFa , b\n\n1, 2\n,\n3,4"],
  ])("has its values, with %s", (_, text) => {
    expect(cells(text)).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
  });

  test("may quote commas, quotes and ends of lines, and counts its lines on", () => {
    const { rows } = table('a,b\n"x,""y""\nz",1\n2,3\n');
    expect(rows.map((row) => [row.place, row.text("a")])).toEqual([
      ["a.csv:2", 'x,"y"\nz'],
      ["a.csv:4", "2"],
    ]);
  });

  test.each([
    ["", "a.csv is empty"],
    ["a,b\n", "a.csv has no line of values"],
    ["a,a\n1,2\n", "a.csv:1: the column a is there twice"],
    ["a,b\n1,2\n3\n", "a.csv:3: has 1 values for 2 columns"],
    ["a,b\n1,2,3\n", "a.csv:2: has 3 values for 2 columns"],
    ['a,b\n1,"2\n', "a.csv:2: a quote is not closed"],
    ['a,b\n1,2"\n', "a.csv:2: a quote is not closed, or stands within a value"],
  ])("%j is refused with its place", (text, why) => expect(() => table(text)).toThrow(why));

  test("of a hundred thousand lines is read as quickly as its length allows", () => {
    expect(table(`a,b\n${'1,"x"\n'.repeat(100_000)}`).rows).toHaveLength(100_000);
  });
});

describe("a number in it", () => {
  const value = (text: string) => () => numberIn(table(`a,b\n${text},x\n`).rows[0]!, "a");

  test.each(["-1", "-1.0", "", "None", "nan"])("“%s” is none", (text) => expect(value(text)()).toBeUndefined());
  test.each(["0", "1.5", "1e-7"])("%s", (text) => expect(value(text)()).toBe(Number(text)));
  test.each(["-2", "fast", "inf", "0x1g"])("%s is refused", (text) =>
    expect(value(text)).toThrow(`a.csv:2: a is “${text}”, and must be a number`),
  );

  test("is none of a column that is not there; a count must be", () => {
    const [row] = table("a,b\n1.5,2\n").rows;
    expect(numberIn(row!, "c")).toBeUndefined();
    expect(countIn(row!, "b")).toBe(2);
    expect(() => countIn(row!, "a")).toThrow("a.csv:2: a is “1.5”, and must be a whole number above 0");
  });
});

test("columns that are missing or unknown are named", () => {
  const { header, rows } = table("a,b\n1,2\n");
  expect(() => checkColumns({ header, rows }, "a.csv", ["a", "c"], ["a", "b", "c"])).toThrow("there is no column c");
  expect(() => checkColumns({ header, rows }, "a.csv", ["a"], ["a"])).toThrow("nobody knows what the column b holds");
});
