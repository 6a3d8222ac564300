import type { Verdict } from "../judge/verdict.ts";

/*
 * Rules by which patches have been ranked. Each says what one verdict is worth; undefined: by this rule it is no task. They
 * stand side by side because a ranking that only one of them gives is the rule's, not the agents'.
 */

interface Rule {
  label: string;
  description: string;
  worth(verdict: Verdict): number | undefined;
}

/** Share of the human's speed-up from which a patch counts as good: of GSO (M. Shetty et al., 2025), where Opt@K is from. */
const AS_GOOD = 0.95;

const outcome = ({ published }: Verdict): number | undefined => {
  if (published === undefined) return undefined;
  return { agent_wins: 1, tie: 0.5, human_wins: 0, agent_crashed: 0 }[published];
};

/** Whether a patch has at least so much of the human's speed; a patch that failed by itself has not. */
export function isAsGood({ blame, speedUp }: Verdict): boolean | undefined {
  if (blame?.on === "patch") return false;
  return speedUp && speedUp.agent >= AS_GOOD * speedUp.human;
}

const counted = (good: boolean | undefined) => (good === undefined ? undefined : Number(good));

export const RULES = {
  difference: {
    label: "± margin beside human",
    description:
      "Published by ISO-Bench: a win is 1, a tie ½, a loss or a crash 0; whatever the two were measured with.",
    worth: outcome,
  },
  speed_up: {
    label: "95 % of human's speed-up",
    description: "GSO's: 1 where agent ÷ baseline is at least 95 % of human ÷ baseline, all measured alike.",
    worth: (verdict) => (verdict.state === "not_valid_here" ? undefined : counted(isAsGood(verdict))),
  },
  improvement: {
    label: "faster than baseline",
    description: "The sign of the improvement alone: 1 where the patch is faster than the baseline at all.",
    worth: ({ state, blame, speedUp }) => {
      if (state === "not_valid_here") return undefined;
      return blame?.on === "patch" ? 0 : speedUp && Number(speedUp.agent > 1);
    },
  },
  intervals: {
    label: "with intervals",
    description:
      "pitwall's: a win 1, a tie ½, a loss or a patch that fails by itself 0; what is undecided, invalid or load-limited is no task.",
    worth: ({ state, blame }) => {
      if (state === "arm_failed") return blame?.on === "patch" ? 0 : undefined;
      return { wins: 1, ties: 0.5, loses: 0, bought: 0 }[state as string];
    },
  },
} as const satisfies Record<string, Rule>;
export type RuleName = keyof typeof RULES;
export const RULE_NAMES = Object.keys(RULES) as RuleName[];
