import { type Given, needed } from "./given.ts";
import { writtenAt } from "./imported-run.ts";

/**
 * When a file of vLLM was written, in a zone that the caller gives, or else the moment that the caller gives.
 * @param date local time as `YYYYMMDD-HHMMSS`
 * @throws UsageError naming the option that says what nobody does
 */
export function localMoment(date: string | undefined, given: Given, name: string): { timestamp: string; note: string } {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(date ?? "") ?? [];
  if (year === undefined || (given.timeZone === undefined && given.timestamp !== undefined)) {
    const timestamp = needed(given.timestamp, "--timestamp", name);
    return { timestamp, note: "The file has no time; it was given when it was imported." };
  }
  // vLLM writes local time and not its zone.
  const zone = needed(given.timeZone, "--time-zone (or --timestamp)", name);
  return { timestamp: `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`, note: writtenAt(date!) };
}
