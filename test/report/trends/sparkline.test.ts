import { expect, test } from "vitest";
import { sparkline } from "../../../src/report/trends/sparkline.ts";

const box = { width: 106, height: 26, leastSpan: 0 };
const gap = { status: "failed", reason: "engine_crashed" } as const;

test("values span the box from edge to edge, larger ones higher up", () => {
  expect(sparkline([1, 3, 2], box)).toEqual({ path: "M3 23L53 3L103 13", gaps: [], last: { x: 103, y: 13 } });
});

test("a failed run breaks the line and is marked; a run that did not ask does not break it", () => {
  expect(sparkline([1, gap, 1, undefined, 1], box)).toMatchObject({ path: "M3 13M53 13L103 13", gaps: [28] });
});

test("a newest point without a number has no dot", () => {
  expect(sparkline([1, gap], box)).not.toHaveProperty("last");
});

test("noise below the least span does not fill the box", () => {
  const { path } = sparkline([100, 101, 100], { ...box, leastSpan: 0.2 });
  expect(path).toBe("M3 13.5L53 12.5L103 13.5");
});

test.each([[[]], [[gap]], [[undefined]], [[0]], [[0, 0]]])("%j gives finite coordinates", (points) => {
  expect(JSON.stringify(sparkline(points, box))).not.toMatch(/null|NaN|Infinity/);
});
