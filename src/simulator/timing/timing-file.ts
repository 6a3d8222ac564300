import { readFileSync } from "node:fs";
import { z } from "zod";
import { messageOf } from "../../errors.ts";
import { mistakeLines } from "../../mistakes.ts";
import type { StepTiming } from "./step-time.ts";

const ms = z.number().nonnegative();
const Timing = z.strictObject({
  overhead: ms,
  weights: ms,
  perToken: ms,
  perContextToken: ms,
  perSequence: ms,
  perPrefillAttention: ms.optional(),
});

/** Coefficients in milliseconds, as `npm run fit-timing` prints them. @throws Error that says what is wrong */
export function readTiming(path: string): StepTiming {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new Error(`--timing: ${path} could not be read as JSON: ${messageOf(cause)}`, { cause });
  }
  const parsed = Timing.safeParse(json);
  if (!parsed.success) throw new Error(`--timing: ${path} is no timing:\n${mistakeLines(parsed.error)}`);
  if (Object.values(parsed.data).every((value) => value === 0)) {
    throw new Error(`--timing: in ${path} every coefficient is 0, so a step would take no time`);
  }
  return parsed.data;
}
