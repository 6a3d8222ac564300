import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { lineProgress } from "../src/line-progress.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("prints a line every ten seconds, also while nothing gets done, and one at the end", () => {
  const lines: string[] = [];
  const progress = lineProgress({ title: "Latency sweep", total: 8, print: (line) => lines.push(line) });
  vi.advanceTimersByTime(10_000);
  progress.update(3, "batch 2");
  vi.advanceTimersByTime(20_000);
  progress.update(8);
  progress.end();
  vi.advanceTimersByTime(60_000);
  expect(lines).toEqual([
    "Latency sweep: 0 of 8 (0 %)",
    "Latency sweep: 3 of 8 (37 %), batch 2",
    "Latency sweep: 3 of 8 (37 %), batch 2",
    "Latency sweep: 8 of 8 (100 %)",
  ]);
});

test("shows a fraction with one digit, and nothing to do as all done", () => {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const sweep = lineProgress({ title: "Sweep", total: 300, print });
  sweep.update(12.3456);
  sweep.end();
  lineProgress({ title: "Nothing", total: 0, print }).end();
  expect(lines).toEqual(["Sweep: 12.3 of 300 (4 %)", "Nothing: 0 of 0 (100 %)"]);
});

test("shows no percentage of what may end at any time, but what is known", () => {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const waiting = lineProgress({ title: "Waiting", total: { atMost: 300, unit: "s" }, print });
  waiting.update(12);
  waiting.end();
  const cells = lineProgress({ title: "Serve", total: { of: 2, unit: "cells" }, print });
  cells.update(1, "repeat 4");
  cells.end();
  expect(lines).toEqual(["Waiting: 12 s so far, at most 300 s", "Serve: 1 of 2 cells, repeat 4"]);
});
