import { expect, test } from "vitest";
import { missingIn, sweepFile } from "../../../src/formats/vllm/sweep.ts";

const missing = (...paths: string[]) => missingIn(paths.map(sweepFile));
const NUMBERS = Array.from({ length: 300 }, (_, number) => number);

test("a combination of a sweep is named when it has no result, whatever the workload's level is", () =>
  expect(missing("SERVE--a=1-BENCH--x=1-WL--q=1/run=0.json", "SERVE--a=2-STARTUP--x=2/run=0.json")).toEqual([
    "no result of SERVE--a=1 with STARTUP--x=2",
    "no result of SERVE--a=2 with BENCH--x=1",
  ]));

test("a sweep without settings of the server, or with them alone, lacks nothing", () => {
  expect(missing("BENCH--x=1/run=0.json", "BENCH--x=2-WL--q=1/run=0.json", "WL--q=1/run=0.json")).toEqual([]);
  expect(missing("SERVE--a=1/run=0.json", "SERVE--a=2-WL--q=3/run=0.json")).toEqual([]);
});

test("of a grid whose settings all differ, a hundred are named and the others counted", () => {
  const said = missing(...NUMBERS.map((number) => `SERVE--a=${number}-BENCH--x=${number}/run=0.json`));
  expect(said).toHaveLength(101);
  expect(said.at(-1)).toBe("89600 more combinations have no result");
});

test("a run of a high number does not ask for all below it", () => {
  const said = missing("SERVE--a=1/run=0.json", "SERVE--a=2/run=999999999.json");
  expect(said).toHaveLength(101);
  expect(said.at(-1)).toBe("1999999898 more runs are missing");
  expect(sweepFile("SERVE--a=1/run=10000000000.json")).toEqual({ kind: "other" });
});
