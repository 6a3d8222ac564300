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

test("a file is a result, a failure of one, a failure of the server, or another", () => {
  const combination = "EXP/SERVE--a=1";
  expect(sweepFile(`${combination}/run=3.json`)).toEqual({ kind: "result", combination, run: 3 });
  expect(sweepFile(`${combination}/run=3.failure.json`)).toEqual({ kind: "failed-run", combination, run: 3 });
  expect(sweepFile("run=0.json")).toEqual({ kind: "result", combination: "", run: 0 });
  expect(sweepFile("SERVE-a=1-failure.json")).toEqual({ kind: "failed-server", server: "a=1" });
  expect(sweepFile("summary.json")).toEqual({ kind: "other" });
});

test("a run that one combination has and another has not is missing, one that failed is not", () => {
  expect(missing("SERVE--a=1/run=0.json", "SERVE--a=1/run=1.json", "SERVE--a=2/run=1.json")).toEqual([
    "SERVE--a=2 has no run=0.json, which other combinations have",
  ]);
  expect(missing("SERVE--a=1/run=0.json", "SERVE--a=1/run=1.failure.json")).toEqual([]);
  expect(missing("SERVE--a=1-BENCH--x=1/run=0.json", "SERVE--a=2-BENCH--x=2/run=0.failure.json")).toEqual([]);
  expect(missing("run=1.json")).toEqual(["the sweep has no run=0.json, which other combinations have"]);
});

test("a run of a high number does not ask for all below it", () => {
  const said = missing("SERVE--a=1/run=0.json", "SERVE--a=2/run=999999999.json");
  expect(said).toHaveLength(101);
  expect(said.at(-1)).toBe("1999999898 more runs are missing");
  expect(sweepFile("SERVE--a=1/run=10000000000.json")).toEqual({ kind: "other" });
});
