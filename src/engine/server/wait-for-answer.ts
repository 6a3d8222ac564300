import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../errors.ts";
import { BodyTooLarge } from "../../limited-body.ts";
import type { Tools } from "../../tools.ts";
import { EngineError } from "../engine-error.ts";
import { normalizeBaseUrl } from "./endpoint.ts";
import { getPage } from "./page.ts";

const FIRST_PAUSE_SECONDS = 0.5;
const LONGEST_PAUSE_SECONDS = 10;

/**
 * Waits, with growing pauses, until something answers at a base URL: a server that another script has just started. What
 * it answers is not looked at.
 * @returns seconds of the limit that are left
 * @throws EngineError `startup_timeout` when nothing answered within the limit, `cancelled`
 */
export async function waitForAnswer(
  { baseUrl, limitSeconds }: { baseUrl: string; limitSeconds: number },
  { report, signal }: Pick<Tools, "report" | "signal">,
): Promise<number> {
  const url = `${normalizeBaseUrl(baseUrl)}/v1/models`;
  const start = performance.now();
  const rest = () => limitSeconds - (performance.now() - start) / 1000;
  for (let pause = FIRST_PAUSE_SECONDS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_SECONDS)) {
    const silence = await silenceAt(url, signal);
    if (silence === undefined) return Math.max(0, rest());
    if (rest() <= 0) {
      const detail = `${url} did not answer within ${limitSeconds} s: ${silence}. Is the server up, and the base URL right?`;
      throw new EngineError({ reason: "startup_timeout", detail });
    }
    if (pause === FIRST_PAUSE_SECONDS) report.info(`waiting: ${url} does not answer yet (${silence})`);
    await sleep(1000 * Math.min(pause, rest()), undefined, { signal }).catch(cancelled);
  }
}

/** Why nothing answers; undefined where something does. */
async function silenceAt(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    await getPage(url, signal);
  } catch (error) {
    if (signal.aborted) cancelled(error);
    // A name with several addresses fails with an AggregateError, whose message is empty.
    if (!(error instanceof BodyTooLarge)) return messageOf(error) || String((error as NodeJS.ErrnoException).code);
  }
  return undefined;
}

function cancelled(cause: unknown): never {
  throw new EngineError({ reason: "cancelled", detail: "cancelled while waiting for the server", cause });
}
