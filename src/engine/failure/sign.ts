import type { Reason } from "../../result/document/reason.ts";

/** `start`: until the engine is healthy. `mid-run`: after it was. */
export type Phase = "start" | "mid-run";

/** What an engine was doing when its memory ran out. */
export type Stage =
  | "device"
  | "load"
  | "profiling"
  | "kv_cache"
  | "graph_capture"
  | "warm_up"
  | "connecting"
  | "mid_run";

/** What an engine's log says of why it failed. */
export interface Diagnosis {
  reason: Reason;
  /** What went wrong, without a full stop. */
  cause: string;
  /** What to do about it. */
  fix: string;
  /** When memory ran out, where that is known. */
  stage?: Stage | undefined;
  /** Where an engine has no room for its context: the largest max_model_len that the log says would fit. */
  longestContext?: number;
}

export interface Context {
  phase: Phase;
  /** As the traceback tells, else the lines before the error. */
  stage: Stage | undefined;
  /** No vLLM wrote the log: its arguments are of no use. */
  foreign: boolean;
  /** The whole message of the error, which may have several lines. */
  message: string;
  /** The file in which it was raised, as the traceback tells. */
  file: string | undefined;
  /** What was warned of before it, and may say more. */
  warnings: string;
}

/** Words of an error that give a failure's cause away. */
export interface Sign {
  /** Held against one error's message, whose lines are capped; must not look further than a line or two. */
  pattern: RegExp;
  /** Others fail like this too when something else is the cause: a known error elsewhere in the log is believed rather. */
  vague?: true;
  /** A warning before it may say why. */
  hinted?: true;
  explain(found: RegExpExecArray, context: Context): Diagnosis;
}

/** The machine, its drivers or its software lack something. */
export const lacks = (cause: string, fix: string): Diagnosis => ({ reason: "environment", cause, fix });
/** The engine gave up for what it was told, or for itself. */
export const crash = (cause: string, fix: string): Diagnosis => ({ reason: "engine_crashed", cause, fix });

/** Strings that end up in a sentence: one line, of a length that can be read. */
export function brief(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
