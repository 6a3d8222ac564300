import type { Metrics } from "../../result/metrics/metric.ts";
import type { Comparison } from "../comparison.ts";
import type { Accuracy } from "./judge/accuracy.ts";
import type { Answers } from "./judge/answers.ts";

/** The parent of a commit, the commit, and an agent's patch on the parent. */
export const ARM_KINDS = ["baseline", "human", "agent"] as const;
export type ArmKind = (typeof ARM_KINDS)[number];

/** How the run of an arm ended, by what its file proves. */
export const ENDS = {
  measured: "It has numbers.",
  failed: "It was tried and has none.",
  timeout: "Its time ran out.",
  skipped: "It was left out on purpose.",
  image_missing: "There is no image of it.",
  patch_failed: "The patch did not apply.",
  no_patch: "There is no patch, or an empty one.",
} as const satisfies Record<string, string>;
export type End = keyof typeof ENDS;

/** What has to be equal for two arms to be comparable, as far as a file tells. */
export interface Settings {
  model?: string;
  /** serving, latency, throughput or prefix_caching. */
  benchmark?: string;
  dataset?: string;
  requests?: number;
  /** All prompts together. */
  inputTokens?: number;
  /** All answers together. */
  outputTokens?: number;
  /** Requests a second; Infinity for all at once. */
  requestRate?: number;
  maxConcurrency?: number;
  maxModelLen?: number;
}

/** One file of results. */
export interface ArmResult {
  /** Path of the file, for whoever looks it up. */
  file: string;
  arm: ArmKind;
  /** First digits of the commit, from the file's name, or all that the file has. */
  commit: string;
  end: End;
  /** What the file says went wrong. */
  error?: string;
  /** Empty unless it was measured. */
  metrics: Metrics;
  settings: Settings;
  /** The image that it ran in, where the file says. */
  image?: string;
  /** The end of what it printed. */
  printed?: string;
  /** Whose patch it is, and which of that agent's; where the file says. */
  agent?: string;
  attempt?: number;
  /** What was asked, where pitwall measured it: results of equal questions only are taken for each other. */
  question?: string;
  /** With intervals, where pitwall measured it in blocks: beside the baseline, and an agent's beside the human's. */
  besideBaseline?: readonly Comparison[];
  besideHuman?: readonly Comparison[];
  /** The same with other prompts and lengths. */
  anotherLoad?: readonly Comparison[];
  /** How it answered beside its base. */
  answers?: Answers;
  /** How right it answered beside its base. */
  accuracy?: Accuracy;
}
