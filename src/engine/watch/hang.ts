import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { Failure } from "../../result/document/reason.ts";
import { sumsIn } from "../../telemetry/engine/sample-sums.ts";
import { engineLogTail } from "../log.ts";
import { isHealthy } from "../server/endpoint.ts";
import { getPage } from "../server/page.ts";

/** Longer than what a first request may compile for, shorter than the limit of a request. */
const LIMIT_SECONDS = 300;
const POLLS_A_LIMIT = 30;
const ANSWER_MS = 5000;

const REQUESTS = ["vllm:num_requests_running", "vllm:num_requests_waiting"];
/** Any of them grows with each step that an engine takes. */
const TOKENS = ["vllm:prompt_tokens_total", "vllm:generation_tokens_total", "vllm:iteration_tokens_total_sum"];
const KNOWN = new Set([...REQUESTS, ...TOKENS]);

export interface HangWatch {
  /** Resolves when requests have been there without a token for the limit, while /health answers; else never. */
  hung: Promise<Failure>;
  close(): void;
}

/** Watches the counters of an engine's `/metrics`; one that has no such page is never called hung. */
export function watchForHang(record: EngineRecord, limitSeconds = LIMIT_SECONDS): HangWatch {
  const { promise: hung, resolve } = Promise.withResolvers<Failure>();
  const { baseUrl } = record;
  if (baseUrl === null) return { hung, close: () => undefined };
  const still = new Standstill();
  const closed = new AbortController();
  let busy = false;

  async function look(url: string): Promise<void> {
    const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(ANSWER_MS)]);
    const page = await getPage(`${url}/metrics`, signal).catch(() => undefined);
    // A page that is late says nothing: an engine in its longest step may answer late, too.
    if (page?.status !== 200) return;
    const seconds = still.secondsAfter(page.text, performance.now());
    if (seconds < limitSeconds || !(await isHealthy(url, signal))) return;
    clearInterval(timer);
    resolve(await describeHang(record, seconds));
  }

  const timer = setInterval(
    () => {
      if (busy) return;
      busy = true;
      void look(baseUrl).finally(() => {
        busy = false;
      });
    },
    (limitSeconds * 1000) / POLLS_A_LIMIT,
  ).unref();
  return {
    hung,
    close() {
      clearInterval(timer);
      closed.abort();
    },
  };
}

/** For how long an engine has had requests and made no token. */
export class Standstill {
  #tokens: number | undefined;
  #sinceMs = 0;

  /** @param page a `/metrics` page @returns seconds since the first page with these counts; 0 without requests or counters of tokens */
  secondsAfter(page: string, atMs: number): number {
    // A server that counts requests but not tokens, or by other names, makes none for all we know.
    const sums = sumsIn(page, KNOWN);
    const sumOf = (names: string[]) => names.reduce((sum, name) => sum + (sums.get(name)?.sum ?? 0), 0);
    const tokens = sumOf(TOKENS);
    const counted = TOKENS.some((name) => sums.has(name));
    if (!counted || tokens !== this.#tokens || sumOf(REQUESTS) === 0) {
      this.#tokens = tokens;
      this.#sinceMs = atMs;
    }
    return (atMs - this.#sinceMs) / 1000;
  }
}

async function describeHang(record: EngineRecord, seconds: number): Promise<Failure> {
  const detail =
    `the engine hangs: no token for ${Math.round(seconds)} s, with requests to work on, while /health answers; ` +
    `start it again, and if it comes back look where it stands (py-spy dump --pid ${record.pid ?? "PID"}, NCCL_DEBUG=INFO)`;
  const logTail = await engineLogTail(record);
  return { reason: "client_timeout", detail, ...(logTail === "" ? {} : { logTail }) };
}
