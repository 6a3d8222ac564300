import { EngineError } from "../../engine/engine-error.ts";
import { engineLogTail, lastWords, startLastWords } from "../../engine/log.ts";
import { UserError } from "../../errors.ts";
import type { Failure } from "../../result/document/reason.ts";
import type { EngineEvent } from "./driver-events.ts";

/** What was seen of a driver until its end. */
export interface Seen {
  end: { engine?: EngineEvent };
  done: boolean;
  stopped?: Failure;
  died?: string;
  refused?: { kind: string; error: string };
}

export const STARTED_TOO_LATE: Failure = {
  reason: "startup_timeout",
  detail: "the engine was not up within the start-up limit",
};
export const ITERATION_TOO_LONG: Failure = {
  reason: "client_timeout",
  detail: "an iteration did not end within the request limit",
};

/**
 * Why sizes are missing; undefined after a whole sweep.
 * @throws UserError for a plan that is no plan
 */
export async function failureOf(
  seen: Seen,
  exited: number | string | undefined,
  logFile: string,
): Promise<EngineError | undefined> {
  if (seen.refused !== undefined) return refusal(seen.refused, logFile);
  if (seen.done) return undefined;
  if (seen.stopped !== undefined) {
    const logTail = await engineLogTail({ logFile });
    return new EngineError({ ...seen.stopped, logTail });
  }
  const how = typeof exited === "number" ? `exit code ${exited}` : exited;
  const what = seen.died ?? `the engine's process ended (${how})`;
  const killed = exited === "SIGKILL" || exited === 137;
  const words =
    seen.end.engine === undefined
      ? startLastWords({ logFile }, { what, phase: "start", killed })
      : lastWords({ logFile }, { what, phase: "mid-run", killed });
  return new EngineError(await words);
}

const ADVICE: Record<string, string> = {
  context_too_long: "; ask for less, or raise --max-model-len in --engine-args",
  model_missing: "; check --model",
  no_vllm: "",
};

/** What model, vLLM or machine cannot do belongs into the document: only the driver could tell, perhaps after minutes. */
async function refusal({ kind, error }: { kind: string; error: string }, logFile: string): Promise<EngineError> {
  if (kind === "bad_engine_args") {
    return new EngineError(await lastWords({ logFile }, { what: "the engine did not start", phase: "start" }));
  }
  const advice = ADVICE[kind];
  if (advice === undefined) throw new UserError(error);
  return new EngineError({ reason: "environment", detail: `${error}${advice}` });
}
