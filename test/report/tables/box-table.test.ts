import { expect, test } from "vitest";
import { boxTable } from "../../../src/report/tables/box-table.ts";

const columns = [
  { title: "Host", align: "left" as const },
  { title: "Value", align: "right" as const },
];

test("columns are as wide as their widest text, and numbers end at the right", () => {
  const table = boxTable(columns, [
    ["h100-1", "1.5"],
    ["a", "1,000.25"],
  ]);
  expect(table.split("\n")).toEqual([
    "┌────────┬──────────┐",
    "│ Host   │    Value │",
    "├────────┼──────────┤",
    "│ h100-1 │      1.5 │",
    "│ a      │ 1,000.25 │",
    "└────────┴──────────┘",
  ]);
});

test("texts count as wide as a terminal shows them: CJK and emoji as two, combining marks as none", () => {
  const combined = "cafe\u0301";
  const table = boxTable(columns, [
    ["測定機一号", "1 →"],
    [combined, "–"],
    ["🚀", "가나"],
  ]);
  expect(table.split("\n")).toEqual([
    "┌────────────┬───────┐",
    "│ Host       │ Value │",
    "├────────────┼───────┤",
    "│ 測定機一号 │   1 → │",
    `│ ${combined}       │     – │`,
    "│ 🚀         │  가나 │",
    "└────────────┴───────┘",
  ]);
});

test("a name cannot move the cursor, colour what follows or break its line", () => {
  const table = boxTable([{ title: "Host", align: "left" }], [["h100\u001b[31m\nrack"]]);
  expect(table).toContain("│ h100 ⏎ rack │");
});
