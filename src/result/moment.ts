const DAY_MS = 86_400_000;

/**
 * The moment that a person means: a day (2026-11-01, midnight UTC), a moment (2026-11-01T06:00:00Z) or days back from now (30d).
 * @param now milliseconds since 1970, as is what comes back; undefined for a text that is none of them
 */
export function momentOf(text: string, now: number): number | undefined {
  const [, days] = /^(\d+)d$/.exec(text) ?? [];
  if (days !== undefined) return now - Number(days) * DAY_MS;
  // Date.parse takes the 30th of February for the 2nd of March.
  const [day] = /^\d{4}-\d\d-\d\d/.exec(text) ?? [];
  const isDay = day !== undefined && new Date(`${day}T00:00:00Z`).getUTCDate() === Number(day.slice(8));
  const moment = isDay ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? undefined : moment;
}
