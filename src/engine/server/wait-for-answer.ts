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
 * Waits, with growing pauses, until something answers at a base URL: a server that another script has just started. 503 of
 * /health, or a 5xx of the list of models, as of a router whose engine still loads, is no answer yet; what else it says is not looked at.
 * @returns seconds of the limit that are left
 * @throws EngineError `startup_timeout` when nothing answered within the limit, `cancelled`
 */
export async function waitForAnswer(
  { baseUrl, limitSeconds }: { baseUrl: string; limitSeconds: number },
  { report, signal }: Pick<Tools, "report" | "signal">,
): Promise<number> {
  const urls = ["/health", "/v1/models"].map((path) => normalizeBaseUrl(baseUrl) + path);
  const start = performance.now();
  const rest = () => limitSeconds - (performance.now() - start) / 1000;
  for (let pause = FIRST_PAUSE_SECONDS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_SECONDS)) {
    const silence = await silenceAt(urls, signal);
    if (silence === undefined) return Math.max(0, rest());
    const { url, why } = silence;
    if (rest() <= 0) {
      const detail = `${url} did not answer within ${limitSeconds} s: ${why}. Is the server up, and the base URL right?`;
      throw new EngineError({ reason: "startup_timeout", detail });
    }
    if (pause === FIRST_PAUSE_SECONDS) report.info(`waiting: ${url} does not answer yet (${why})`);
    await sleep(1000 * Math.min(pause, rest()), undefined, { signal }).catch(cancelled);
  }
}

/** The first page that does not answer, and why; undefined where all do. */
async function silenceAt(
  urls: readonly string[],
  signal: AbortSignal,
): Promise<{ url: string; why: string } | undefined> {
  for (const url of urls) {
    try {
      const { status } = await getPage(url, signal);
      // Not everybody has a page /health, and what fails there in another way may be the page itself.
      if (url.endsWith("/health") ? status === 503 : status >= 500) return { url, why: `status ${status}` };
    } catch (error) {
      if (signal.aborted) cancelled(error);
      if (error instanceof BodyTooLarge) continue;
      // A name with several addresses fails with an AggregateError, whose message is empty.
      return { url, why: messageOf(error) || String((error as NodeJS.ErrnoException).code) };
    }
  }
  return undefined;
}

function cancelled(cause: unknown): never {
  throw new EngineError({ reason: "cancelled", detail: "cancelled while waiting for the server", cause });
}
