import { setTimeout as sleep } from "node:timers/promises";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { Failure } from "../../result/document/reason.ts";
import { lastWords } from "../log.ts";
import { isHealthy } from "../server/endpoint.ts";
import { engineRuns } from "../stop.ts";

const POLL_MS = 250;
/** vLLM 0.32 takes 5 s from the death of its engine core, when /health turns 503, to the end of its server. */
const DYING_MS = 15_000;

/** `logTail`: the 50 lines of the engine's log around the cause. */
export type EngineDeath = Required<Failure>;

export interface EngineWatch {
  /** Resolves once the engine's process is gone; never for a remote engine, and never after `close`. */
  died: Promise<EngineDeath>;
  /** A look on demand, after requests failed: an engine that is dying answers no request well before it is gone. */
  check(limitMs?: number): Promise<EngineDeath | undefined>;
  close(): void;
}

/** Notices within 250 ms that an engine's process is gone. */
export function watchEngine(record: EngineRecord): EngineWatch {
  const { promise, resolve } = Promise.withResolvers<EngineDeath>();
  const timer = setInterval(() => {
    if (engineRuns(record)) return;
    clearInterval(timer);
    resolve(describeDeath(record, "ended unexpectedly"));
  }, POLL_MS);
  return { died: promise, check: (limitMs = DYING_MS) => lookAt(record, limitMs), close: () => clearInterval(timer) };
}

/** A server whose process is not ours counts as alive: whether it has a /health at all is not known. */
async function lookAt(record: EngineRecord, limitMs: number): Promise<EngineDeath | undefined> {
  if (record.pid === null || record.baseUrl === null) return undefined;
  const deadline = AbortSignal.timeout(limitMs);
  while (engineRuns(record)) {
    if (await isHealthy(record.baseUrl, deadline)) return undefined;
    if (deadline.aborted) return describeDeath(record, "runs, but is not healthy any more");
    await sleep(POLL_MS);
  }
  return describeDeath(record, "ended unexpectedly");
}

/** Nobody but its parent learns how a process ended, and that may be long gone. */
async function describeDeath(record: EngineRecord, what: string): Promise<EngineDeath> {
  const engine =
    record.cluster === undefined ? `the engine's process (pid ${record.pid})` : "the engine in the cluster";
  return await lastWords(record, { what: `${engine} ${what}`, phase: "mid-run" });
}
