import { UserError } from "../../errors.ts";
import { momentOf } from "../../result/moment.ts";

/** A moment as flags take it, in milliseconds since 1970. @throws UserError for a text that is none */
export function parseMoment(given: string): number {
  const moment = momentOf(given, Date.now());
  if (moment !== undefined) return moment;
  throw new UserError("must be a day (2026-11-01), a moment (2026-11-01T06:00:00Z) or days back from now (30d)");
}
