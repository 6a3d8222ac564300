import { counted } from "../../../result/counted.ts";
import type { ComparisonState } from "../../comparison.ts";
import type { ArmResult } from "../arm-result.ts";
import { requestRateIn } from "../perf-command.ts";
import type { Attempt, Task } from "../tasks.ts";
import { accuracyText } from "./accuracy.ts";
import { areOther } from "./answers.ts";
import { type Blame, blameOf } from "./blame.ts";
import { differencesBetween, unknownBetween } from "./comparable.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { humanDifference, ratioText, rowOf, whyNotValid } from "./validity.ts";

/** ISO-Bench's own outcome: one run each, and a difference of more than the margin wins. */
export type Published = "agent_wins" | "human_wins" | "tie" | "agent_crashed";

/** How many times as fast as the baseline. */
interface SpeedUp {
  agent: number;
  human: number;
}

/** What came of one attempt, beside the human's commit. */
export interface Verdict {
  attempt: Attempt;
  /** Agent beside human. */
  difference?: Difference;
  /** By the published rule; absent where it has none. */
  published?: Published;
  state: ComparisonState;
  /** Why. */
  detail: string;
  /** Where the agent's arm has no numbers beside a human's. */
  blame?: Blame;
  /** Where all three were measured alike, and no load limited them. */
  speedUp?: SpeedUp;
}

/** @param margin as a share: 0.02 for ± 2 % */
export function verdictOf(task: Task, attempt: Attempt, margin: number): Verdict {
  const { human, baseline, result } = attempt;
  if (human?.end !== "measured") {
    const why = human === undefined ? "has no result" : `has no numbers: ${human.error ?? human.end}`;
    return { attempt, state: "arm_failed", detail: `the human's arm ${why}` };
  }
  const notValid = whyNotValid(human, baseline, margin);
  if (result.end !== "measured") {
    const blame = blameOf(attempt);
    const state = notValid === undefined ? "arm_failed" : "not_valid_here";
    return { attempt, state, detail: notValid ?? blame.detail, ...crashed(result), blame };
  }
  const difference = differenceOf(human, result);
  if (difference === undefined)
    return { attempt, state: "invalid", detail: "agent and human have no metric in common" };
  const rate = finiteRate(task, [human, result]);
  const speedUp = rate === undefined ? speedUpOf(attempt) : undefined;
  const published = publishedOf(difference, margin);
  const beside = { attempt, difference, published, ...(speedUp && { speedUp }) };
  const { state, detail } = stateOf({ human, result, difference, rate, notValid });
  // A loss of accuracy is beside the speed, and what it is worth is not for a rule to say.
  const { accuracy } = result;
  return { ...beside, state, detail: accuracy === undefined ? detail : `${detail}; ${accuracyText(accuracy)}` };
}

/** A crash is a loss by the published rule; an arm that never ran is no outcome. */
const crashed = ({ error }: ArmResult): { published?: Published } =>
  /crashed/i.test(error ?? "") ? { published: "agent_crashed" } : {};

function publishedOf({ percent }: Difference, margin: number): Published {
  if (Math.abs(percent) <= margin * 100) return "tie";
  return percent > 0 ? "agent_wins" : "human_wins";
}

function speedUpOf({ baseline, human, result }: Attempt): SpeedUp | undefined {
  const ofHuman = humanDifference(human, baseline);
  if (ofHuman === undefined || baseline === undefined) return undefined;
  if (differencesBetween(baseline, result).length > 0) return undefined;
  const ofAgent = differenceOf(baseline, result);
  return ofAgent && { agent: ofAgent.speedUp, human: ofHuman.speedUp };
}

interface Measured {
  human: ArmResult;
  result: ArmResult;
  difference: Difference;
  /** Finite, and reached by both. */
  rate: number | undefined;
  notValid: string | undefined;
}

function stateOf({ human, result, difference, rate, notValid }: Measured): Pick<Verdict, "state" | "detail"> {
  const differences = differencesBetween(human, result);
  if (differences.length > 0) return { state: "invalid", detail: differences.join("; ") };
  if (rate !== undefined)
    return { state: "load_limited", detail: `both served the ${rate} requests a second that were asked for` };
  if (notValid !== undefined) return { state: "not_valid_here", detail: notValid };
  const { answers } = result;
  if (answers !== undefined && areOther(answers))
    return {
      state: "invalid",
      detail: `${answers.differ} of ${answers.questions} answers are not the baseline's, of its own second start ${answers.differOfBase}`,
    };
  const row = rowOf(result.besideHuman ?? [], difference.metric);
  const again = rowOf(result.anotherLoad ?? [], difference.metric);
  if (again?.state === "loses" && row !== undefined && row.state !== "loses")
    return {
      state: "invalid",
      detail: `${row.state} with the benchmark's load alone: with another it loses${ratioText(again)}`,
    };
  if (row !== undefined)
    return {
      state: row.state,
      detail: row.detail ?? `agent beside human in ${counted(row.blocks, "block")}${ratioText(row)}`,
    };
  const unknown = unknownBetween(human, result);
  const notSaid = unknown.length === 0 ? "" : `; their ${unknown.join(" and ")} cannot be compared`;
  return { state: "undecided", detail: `one run each, so their noise is not known${notSaid}` };
}

/** How close to the rate that was asked for a server has to come to be called limited by it. */
const REACHED = 0.9;

/** The finite rate that all reached; their throughput then is that of the load. */
function finiteRate({ pair }: Task, arms: readonly ArmResult[]): number | undefined {
  const told = arms.map(({ settings }) => settings.requestRate).find((rate) => rate !== undefined);
  const rate = told ?? requestRateIn(pair?.perfCommand);
  if (rate === undefined || rate === Number.POSITIVE_INFINITY) return undefined;
  return arms.every(({ metrics }) => (metrics.request_throughput_req_s ?? 0) >= REACHED * rate) ? rate : undefined;
}
