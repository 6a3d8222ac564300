import { readdirSync, readFileSync } from "node:fs";
import { median } from "../../../src/result/metrics/distribution.ts";
import type { Better, SeriesRule } from "./said.ts";

interface Series {
  better: Better;
  values: number[];
  /** Otava's, over the whole series. */
  changePoints: number[];
}

const FOLDER = new URL("../../fixtures/histories/", import.meta.url);
/** Numbers on both sides that show in hindsight whether a change was real. */
const SIDE = 15;
const SIZES = [0.02, 0.05, 0.1, Number.POSITIVE_INFINITY];

export const histories = (): Series[] =>
  readdirSync(FOLDER).flatMap((name) =>
    Object.values(JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")).series as Record<string, Series>),
  );

export interface Hindsight {
  numbers: number;
  falseOnsets: number;
  /** Real changes of 2–5 %, 5–10 % and more, and how many of them were told within 15 numbers. */
  found: { told: number; there: number }[];
}

export function inHindsight(rule: SeriesRule, all: readonly Series[]): Hindsight {
  const found = SIZES.slice(1).map(() => ({ told: 0, there: 0 }));
  let falseOnsets = 0;
  for (const { better, values, changePoints } of all) {
    const listen = rule(better);
    const told: { at: number; isUp: boolean }[] = [];
    for (const [at, value] of values.entries()) {
      const { state, isOnset, since, size, turned } = listen(value);
      if (turned !== undefined) told.push({ at, isUp: turned === "up" });
      if (!isOnset) continue;
      const isUp = (state === "worse") === (better === "lower");
      told.push({ at, isUp });
      if (!isReal(values, since, isUp, size)) falseOnsets++;
    }
    for (const { at, ratio } of lasting(values, changePoints)) {
      const size = SIZES.findIndex((least, index) => Math.abs(ratio) >= least && Math.abs(ratio) < SIZES[index + 1]!);
      if (size === -1) continue;
      found[size]!.there++;
      if (told.some((one) => one.at >= at && one.at < at + SIDE && one.isUp === ratio > 0)) found[size]!.told++;
    }
  }
  return { numbers: all.reduce((sum, { values }) => sum + values.length, 0), falseOnsets, found };
}

/** The numbers after it lie beyond those before in that direction, by 1 % and 0.4 of what was said at least. */
function isReal(values: readonly number[], since: number, isUp: boolean, size: number): boolean {
  const before = values.slice(Math.max(0, since - SIDE), since);
  const after = values.slice(since, since + SIDE);
  if (before.length === 0) return false;
  const beyond = after.flatMap((one) => before.map((other) => (one === other ? 0.5 : one > other === isUp ? 1 : 0)));
  const superiority = beyond.reduce((sum: number, one) => sum + one, 0) / beyond.length;
  const shift = Math.abs(median(after) / median(before) - 1);
  return superiority >= 0.85 && shift >= 0.01 && shift >= 0.4 * size;
}

/** Change points with enough numbers on both sides, and the change of the mean. */
function lasting(values: readonly number[], changePoints: readonly number[]): { at: number; ratio: number }[] {
  const ends = [0, ...changePoints, values.length];
  const mean = (start: number, end: number) =>
    values.slice(start, end).reduce((sum, value) => sum + value, 0) / (end - start);
  return changePoints.flatMap((at, index) => {
    const [before, after] = [ends[index]!, ends[index + 2]!];
    if (at - before < SIDE || after - at < SIDE) return [];
    const level = mean(before, at);
    return [{ at, ratio: (mean(at, after) - level) / Math.abs(level) }];
  });
}
