import { expect, test } from "vitest";
import { type Ranked, tiedWithBest } from "../../../src/report/experiments/ties.ts";

const names = (ranked: Ranked[]) => tiedWithBest("latency_s", ranked).map(({ name }) => name);

test("single measurements tie within the metric's tolerance of 5 % of the best", () => {
  expect(
    names([
      { name: "a", value: 1 },
      { name: "b", value: 1.049 },
      { name: "c", value: 1.051 },
    ]),
  ).toEqual(["a", "b"]);
});

test("repeated ones tie where their intervals overlap, however far apart their medians are", () => {
  const a: Ranked = { name: "a", value: 1, interval: [0.8, 1.3] };
  expect(names([a, { name: "b", value: 1.4, interval: [1.25, 1.5] }])).toEqual(["a", "b"]);
  expect(names([a, { name: "b", value: 1.4, interval: [1.31, 1.5] }])).toEqual(["a"]);
});

test("one that was measured once ties with one that was repeated by the tolerance alone", () => {
  const repeated: Ranked = { name: "a", value: 1, interval: [0.8, 1.3] };
  expect(names([repeated, { name: "b", value: 1.2 }])).toEqual(["a"]);
  expect(
    names([
      { name: "b", value: 1 },
      { ...repeated, value: 1.2 },
    ]),
  ).toEqual(["b"]);
});

test("of nothing there is no best", () => {
  expect(names([])).toEqual([]);
});
