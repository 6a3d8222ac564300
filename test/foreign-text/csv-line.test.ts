import { expect, test } from "vitest";
import { csvLine } from "../../src/foreign-text/csv-line.ts";

test("a line is what RFC 4180 says, and what is missing is empty", () => {
  expect(csvLine(["a", 'b "c"', "d,e", "f\ng", null, undefined, true])).toBe('a,"b ""c""","d,e","f\ng",,,true\n');
});

test("a text that a spreadsheet would calculate has an apostrophe before it", () => {
  expect(csvLine(["=1+1", "+a", "-a", "@x", "\tx", "\rx", "＝1"])).toBe(`'=1+1,'+a,'-a,'@x,'\tx,"'\rx",'＝1\n`);
});

test("a text with a semicolon is quoted, for spreadsheets that split there", () => {
  expect(csvLine(["a;=1+1", "b"])).toBe('"a;=1+1",b\n');
});

test("a number stays a number, whether it is one or is written as one", () => {
  expect(csvLine([-1.5, "-1.5", "+2e3", 0, "a=b"])).toBe("-1.5,-1.5,+2e3,0,a=b\n");
});
