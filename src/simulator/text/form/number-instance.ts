import { NoInstance } from "./no-instance.ts";

/** A number for a schema: 1 where it may be. @param number of numbers before it that it must differ from; @throws NoInstance */
export function numberFor(schema: Record<string, unknown>, isWhole: boolean, number: number): number {
  const bound = (keyword: string, none: number) => Number(schema[keyword] ?? none);
  const [least, most] = [bound("minimum", Number.NEGATIVE_INFINITY), bound("maximum", Number.POSITIVE_INFINITY)];
  const [above, below] = [
    bound("exclusiveMinimum", Number.NEGATIVE_INFINITY),
    bound("exclusiveMaximum", Number.POSITIVE_INFINITY),
  ];
  const [low, high] = [Math.max(least, above), Math.min(most, below)];
  const isAllowed = (value: number) => value >= least && value <= most && value > above && value < below;
  const step = bound("multipleOf", isWhole ? 1 : 0);
  const starts = [1, low, high, low + (high - low) / 2, low + 1, high - 1].filter(Number.isFinite);
  const moved = starts.flatMap((start) => [start + number * (step || 1), start - number * (step || 1)]);
  const found = moved.flatMap((value) => onSteps(value, step)).find(isAllowed);
  if (found === undefined) throw new NoInstance(`a number between ${low} and ${high}`);
  return found;
}

/** The multiples around a value; 0 is no step. */
const onSteps = (value: number, step: number) =>
  step > 0
    ? [Math.ceil(value / step) * step, (Math.floor(value / step) + 1) * step, Math.floor(value / step) * step]
    : [value];
