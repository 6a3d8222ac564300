import { sum } from "../../result/metrics/distribution.ts";
import type { Window } from "../window.ts";

interface PowerPoint {
  atMs: number;
  powerW: number;
}

/**
 * Power integrated over a window by the trapezoidal rule, in joules. Between two points power is taken as a straight
 * line, before the first and after the last as level. @param points at least one, in order of time
 */
export function energyOf(points: readonly PowerPoint[], { fromMs, toMs }: Window): number {
  const inside = points.filter(({ atMs }) => atMs > fromMs && atMs < toMs);
  const at = (atMs: number) => ({ atMs, powerW: powerAt(points, atMs) });
  const line = [at(fromMs), ...inside, at(toMs)];
  const pieces = line.slice(1).map((end, index) => {
    const start = line[index]!;
    return ((start.powerW + end.powerW) / 2) * (end.atMs - start.atMs);
  });
  return sum(pieces) / 1000;
}

function powerAt(points: readonly PowerPoint[], atMs: number): number {
  const before = points.findLast((point) => point.atMs <= atMs);
  const after = points.find((point) => point.atMs > atMs);
  if (before === undefined || after === undefined) return (before ?? after)!.powerW;
  return before.powerW + ((after.powerW - before.powerW) * (atMs - before.atMs)) / (after.atMs - before.atMs);
}
