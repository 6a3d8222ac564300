import type { End } from "../arm-result.ts";

const NO_IMAGE = /manifest unknown|manifest for \S{1,300} not found|pull access denied|repository does not exist/;
/** patch, git and ISO-Bench's script, which went on with what was left of the patch. */
const NOT_APPLIED =
  /AGENT_PATCH_(?:FAILED|FALLBACK)|AGENT_PATCH_APPLIED_FALLBACK|^Hunk #\d{1,6} FAILED|^error: patch failed|patch does not apply/m;

/** How an arm without numbers ended: a log may say that it never came so far as to run. */
export const endOf = (error: string, printed: string): End =>
  NO_IMAGE.test(printed) || NO_IMAGE.test(error) ? "image_missing" : "failed";

/** Whether a patch was forced onto files that it does not fit, whatever came of it: its numbers are of no known build. */
export const isForced = (printed: string): boolean => NOT_APPLIED.test(printed);
