import { wilsonInterval } from "./proportion.ts";

/** What can be said of a score beside the least that was asked for. */
export const GATE_ANSWERS = ["off", "pass", "fail", "too_few_to_decide"] as const;
export type GateAnswer = (typeof GATE_ANSWERS)[number];

/**
 * By the 95 % interval of the score: all of it at or above the least passes, all of it below fails, and around it there are
 * too few samples to say. @param least 0 is off
 */
export function scoreGate([low, high]: readonly [number, number], least: number): GateAnswer {
  if (least === 0) return "off";
  if (low >= least) return "pass";
  return high < least ? "fail" : "too_few_to_decide";
}

/** More samples than this nobody asks. */
const MOST_SAMPLES = 1_000_000;

/**
 * How many samples would decide, if the share of right answers stayed as it is.
 * @returns undefined where no number would: the score is the least itself
 */
export function samplesToDecide(score: number, least: number): number | undefined {
  const decides = (total: number) => {
    const answer = scoreGate(wilsonInterval(score * total, total), least);
    return answer === "pass" || answer === "fail";
  };
  if (!decides(MOST_SAMPLES)) return undefined;
  let [few, enough] = [0, MOST_SAMPLES];
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (decides(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}
