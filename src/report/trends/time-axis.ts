const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 4, 7, 14, 28, 56, 91, 182, 364].map((n) => n * DAY),
];

export interface TimeTick {
  /** Milliseconds since the epoch. */
  value: number;
  /** UTC; the time of day only where ticks are closer than a day. */
  label: string;
}

/** Ticks at round UTC times within `from`…`to`, no more than `most` where a step of a year allows it. */
export function timeTicks(from: number, to: number, most: number): TimeTick[] {
  const step = STEPS.find((size) => (to - from) / size <= most) ?? STEPS.at(-1)!;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, i) => first + i * step).map((value) => ({
    value,
    label: tickLabel(value, step),
  }));
}

function tickLabel(value: number, step: number): string {
  const iso = new Date(value).toISOString();
  if (step >= DAY) return iso.slice(0, 10);
  return `${iso.slice(5, 10)} ${iso.slice(11, 16)}`;
}

/** `2025-09-04 23:28 UTC` */
export function formatMoment(time: string | number): string {
  const iso = new Date(time).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
