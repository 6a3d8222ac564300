import { z } from "zod";
import { parseJson } from "../../files.ts";
import { readPlain } from "../../plain-file.ts";
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
export async function readTiming(path: string): Promise<StepTiming> {
  const name = `--timing: ${path}`;
  const timing = parseJson(await readPlain(path, { name }), Timing, name);
  if (Object.values(timing).every((value) => value === 0)) {
    throw new Error(`--timing: in ${path} every coefficient is 0, so a step would take no time`);
  }
  return timing;
}
