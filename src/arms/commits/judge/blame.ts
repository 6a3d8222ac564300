import { classifyFailure } from "../../../engine/failure/classify.ts";
import { type ArmResult, ENDS } from "../arm-result.ts";
import type { Attempt } from "../tasks.ts";
import { differencesBetween } from "./comparable.ts";

/** Whose failure it is that an agent's arm has no numbers. */
const BLAMES = {
  patch: "The patch's: its base has numbers in that image.",
  image: "The image's: there is none, or it lacks what the engine needs.",
  unproven: "Nobody's yet: its base has no numbers in that image, so the image may be at fault.",
} as const satisfies Record<string, string>;

export interface Blame {
  on: keyof typeof BLAMES;
  detail: string;
}

/**
 * A crash is the patch's only where the same image passed without it; never where the human's arm ended by the same error, or
 * where the log says that image or machine lack something.
 * @param attempt with a result that has no numbers
 */
export function blameOf({ result, baseline, human }: Attempt): Blame {
  const { end, error = "" } = result;
  if (end === "image_missing") return { on: "image", detail: ENDS.image_missing };
  if (end === "patch_failed" || end === "no_patch") return { on: "patch", detail: ENDS[end] };
  const found = diagnosisOf(result);
  const said = found?.cause ?? error;
  if (human !== undefined && found !== undefined && diagnosisOf(human)?.cause === found.cause)
    return { on: "image", detail: `${said}; the human's arm failed by the same error` };
  const isOfImage = found?.reason === "environment" || found?.reason === "image_missing";
  if (isOfImage) return { on: "image", detail: said };
  if (baseline?.end === "measured" && differencesBetween(baseline, result).length === 0)
    return { on: "patch", detail: said };
  return { on: "unproven", detail: `${said}; ${baseText(baseline, result)}` };
}

function baseText(baseline: ArmResult | undefined, result: ArmResult): string {
  if (baseline === undefined) return "the baseline has no result";
  if (baseline.end !== "measured") return `the baseline has no numbers either (${baseline.error ?? baseline.end})`;
  return `the baseline was measured otherwise: ${differencesBetween(baseline, result).join("; ")}`;
}

function diagnosisOf({ end, printed }: ArmResult) {
  if (end === "measured" || printed === undefined) return undefined;
  return classifyFailure(printed, { phase: "start", killed: false }).diagnosis;
}
