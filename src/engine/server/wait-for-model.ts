import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../errors.ts";
import type { Tools } from "../../tools.ts";
import { EngineError } from "../engine-error.ts";
import type { EngineFacts } from "./endpoint.ts";
import { type Look, lookForModel } from "./look-for-model.ts";
import type { NotYet } from "./model-list.ts";
import { Unreachable } from "./page.ts";

const POLL_SECONDS = 0.5;

interface Patience {
  limitSeconds: number;
  /** Between two looks. */
  pollSeconds?: number | undefined;
}

/**
 * Waits for the model of a server that is up: a frontend or router whose workers are still loading. A server that cannot
 * be reached at first, or is none, is an error at once.
 * @throws UserError as `lookForModel`; EngineError when the limit is over, with what was seen last
 */
export async function waitForModel(
  { baseUrl, model }: { baseUrl: string; model?: string | undefined },
  { limitSeconds, pollSeconds = POLL_SECONDS }: Patience,
  { report, signal }: Pick<Tools, "report" | "signal">,
): Promise<EngineFacts> {
  const start = performance.now();
  const restMs = () => 1000 * limitSeconds - (performance.now() - start);
  let waiting: ReturnType<Tools["report"]["progress"]> | undefined;
  let seen = "";
  try {
    for (;;) {
      const look = await lookForModel(baseUrl, model, { signal, restMs: restMs() }).catch(asSilence(seen));
      if (look.kind === "ready") return look.facts;
      if (restMs() <= 0) throw tooLate(look, baseUrl, limitSeconds);
      if (look.lacks !== seen) report.info(`waiting: ${look.lacks} yet at ${baseUrl}${answered(look)}`);
      seen = look.lacks;
      waiting ??= report.progress("Waiting for the model", { atMost: limitSeconds, unit: "s" });
      waiting.update(Math.min(limitSeconds, Math.round((performance.now() - start) / 1000)), seen);
      await sleep(Math.min(1000 * pollSeconds, Math.max(0, restMs())), undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) {
      throw new EngineError({ reason: "cancelled", detail: "cancelled while waiting for the model", cause: error });
    }
    throw error;
  } finally {
    waiting?.end();
  }
}

/** A server that was there a moment ago may be busy or restarting. */
function asSilence(seenBefore: string): (error: unknown) => Look {
  return (error) => {
    if (error instanceof Unreachable && seenBefore !== "")
      return { kind: "not-yet", lacks: "no answer came", answer: messageOf(error) };
    throw error;
  };
}

const answered = ({ answer }: NotYet) => (answer === undefined ? "" : ` (answered ${answer})`);

function tooLate(look: NotYet, baseUrl: string, limitSeconds: number): EngineError {
  const seen = `${look.lacks} at ${baseUrl} ${limitSeconds} s after the first look${answered(look)}`;
  return new EngineError({ reason: "startup_timeout", detail: `${seen}; --start-timeout waits longer` });
}
