import type { Point } from "./trend.ts";

export interface Sparkline {
  /** SVG path; a gap or a lonely value starts a new piece. */
  path: string;
  /** The newest value, or undefined when the newest point has none. */
  last?: { x: number; y: number };
  /** Where failed or skipped points stand. */
  gaps: number[];
}

const MARGIN = 3;

export interface Box {
  /** Pixels. */
  width: number;
  height: number;
  /** The y axis spans at least this share of the middle value, so that noise looks like noise. */
  leastSpan: number;
}

/** Places points evenly over a box; the y axis spans the values there are. */
export function sparkline(points: readonly Point[], { width, height, leastSpan }: Box): Sparkline {
  const values = points.filter((point) => typeof point === "number");
  const middle = (Math.min(...values) + Math.max(...values)) / 2;
  const half = Math.max(Math.max(...values) - middle, (Math.abs(middle) * leastSpan) / 2);
  const x = (index: number) => round(MARGIN + (index * (width - 2 * MARGIN)) / Math.max(points.length - 1, 1));
  const y = (value: number) => round(height / 2 - (half === 0 ? 0 : ((value - middle) / half) * (height / 2 - MARGIN)));
  const pieces: string[] = [];
  const gaps: number[] = [];
  let pen: "M" | "L" = "M";
  for (const [index, point] of points.entries()) {
    if (typeof point === "number") {
      pieces.push(`${pen}${x(index)} ${y(point)}`);
      pen = "L";
    } else if (point !== undefined) {
      gaps.push(x(index));
      pen = "M";
    }
  }
  const newest = points.at(-1);
  const last = typeof newest === "number" ? { last: { x: x(points.length - 1), y: y(newest) } } : {};
  return { path: pieces.join(""), gaps, ...last };
}

const round = (value: number) => Math.round(value * 10) / 10;
