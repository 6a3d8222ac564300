import { UserError } from "../errors.ts";

const MOMENT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * A moment of another tool in our spelling, to its last digit: `2025-09-04T23:28:30.571673+00:00` becomes
 * `2025-09-04T23:28:30.571673Z`. One without an offset is UTC (Python's utcnow writes such).
 * @param file shown in the error
 */
export function utcMoment(text: string, file: string): string {
  const [, date, time, fraction = "", offset = "Z"] = MOMENT.exec(text) ?? [];
  const seconds = Date.parse(`${date}T${time}${offset}`);
  if (Number.isNaN(seconds)) throw new UserError(`${file}: “${text}” is not a date with a time`);
  return `${new Date(seconds).toISOString().slice(0, 19)}${fraction}Z`;
}

/** @param ms since 1970; without a fraction where there is none */
export function momentOf(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
