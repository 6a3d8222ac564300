import type { RequestSamples } from "../result/cell.ts";
import type { Departure } from "./flight.ts";

/** Departures as columns. @param startAt the start of the schedule; @param endAt when the last request settled */
export function samplesOf(departures: readonly Departure[], startAt: number, endAt: number): RequestSamples {
  const since = (time: number | null) => (time === null ? null : microseconds(time - startAt));
  const completions = departures.map(({ exchange }) => exchange?.completion);
  return {
    durationS: (endAt - startAt) / 1000,
    scheduledMs: departures.map(({ scheduledAt }) => since(scheduledAt) ?? microseconds(endAt - startAt)),
    sentMs: departures.map(({ sentAt }) => since(sentAt)),
    firstTokenMs: completions.map((completion) => since(completion?.firstTokenAt ?? null)),
    lastTokenMs: completions.map((completion) => since(completion?.lastTokenAt ?? null)),
    gapsMs: completions.map((completion) => (completion?.gapsMs ?? []).map(microseconds)),
    inputTokens: completions.map((completion) => completion?.inputTokens ?? 0),
    outputTokens: completions.map((completion) => completion?.outputTokens ?? 0),
    errors: departures.map(({ exchange }) => (exchange === null ? "cancelled: not sent" : exchange.error)),
  };
}

/** Finer digits are noise, and a cell holds up to a million of these. */
const microseconds = (ms: number) => Math.round(ms * 1000) / 1000;
