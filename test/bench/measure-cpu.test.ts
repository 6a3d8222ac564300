import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cpuSecondsAt, parseStat, peakRssBytes, type Sample } from "./measure-cpu.ts";

const STAT =
  "42 (node (a) b) S 1 42 41 0 -1 4194304 100 0 0 0 150 50 30 20 20 0 11 0 5000 900000 256 18446744073709551615 1 1";

test("a row of the process table tells session, CPU time with that of ended children, and memory", () => {
  expect(parseStat(STAT)).toEqual({
    session: 41,
    cpuSeconds: 2.5,
    childrenCpuSeconds: 0.5,
    rssBytes: 256 * 4096,
  });
});

test("this process has used some CPU time and memory", () => {
  const { cpuSeconds, rssBytes } = parseStat(readFileSync("/proc/self/stat", "latin1"));
  expect(cpuSeconds).toBeGreaterThan(0);
  expect(rssBytes).toBeGreaterThan(1e6);
});

test("CPU time is interpolated between samples", () => {
  const samples: Sample[] = [
    { atMs: 100, cpuSeconds: 1, rssBytes: 7 },
    { atMs: 200, cpuSeconds: 2, rssBytes: 9 },
    { atMs: 300, cpuSeconds: 2, rssBytes: 8 },
  ];
  expect([50, 150, 225, 900].map((moment) => cpuSecondsAt(samples, moment))).toEqual([0, 1.5, 2, 2]);
  expect(peakRssBytes(samples)).toBe(9);
});
