import { UserError } from "../../errors.ts";

const MOMENT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * A moment of another tool in our spelling, to its last digit: `2025-09-04T23:28:30.571673+00:00` becomes
 * `2025-09-04T23:28:30.571673Z`. One without an offset is UTC (Python's utcnow writes such).
 * @param file shown in the error
 */
export function utcMoment(text: string, file: string): string {
  const [, date, time, fraction = "", offset = "Z"] = MOMENT.exec(text) ?? [];
  const seconds = Date.parse(`${date}T${time}${offset}`);
  // An offset may lead out of the four digits that a year has here.
  const [, utc] = Number.isNaN(seconds) ? [] : (/^(\d{4}-.{14})\./.exec(new Date(seconds).toISOString()) ?? []);
  if (utc === undefined) throw new UserError(`${file}: “${text}” is not a date with a time`);
  return `${utc}${fraction}Z`;
}

/**
 * @param ms since 1970; without a fraction where there is none
 * @param file shown in the error
 */
export function momentOf(ms: number, file: string): string {
  // A year has four digits here.
  const isMoment = ms >= Date.UTC(1970, 0) && ms < Date.UTC(10_000, 0);
  if (!isMoment) throw new UserError(`${file}: ${ms} ms since 1970 is no date between the years 1970 and 9999`);
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
