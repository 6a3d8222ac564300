import type { Reason } from "../../result/reason.ts";

/** `start`: until the engine is healthy. `mid-run`: after it was. */
export type Phase = "start" | "mid-run";

/** What an engine's log says of why it failed. */
export interface Diagnosis {
  reason: Reason;
  /** What went wrong, without a full stop. */
  cause: string;
  /** What to do about it. */
  fix: string;
  /** Of an engine without room for its context: the largest max_model_len that the log says would fit. */
  longestContext?: number;
}

/** Words in an engine's log that give a failure's cause away. */
export interface Sign {
  pattern: RegExp;
  explain(found: RegExpExecArray, context: { log: string; phase: Phase }): Diagnosis;
}

/** Strings that end up in a sentence: one line, of a length that can be read. */
export function brief(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
