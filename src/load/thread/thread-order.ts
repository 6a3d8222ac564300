import type { Prompts } from "../../workload/prompts.ts";
import type { Api } from "../../workload/request-body.ts";
import type { Draw } from "../../workload/request-maker.ts";
import type { Target } from "../http/target.ts";

/** Requests written beforehand, whole and one after the other, in memory that all threads share. */
export interface StockedRequests {
  kind: "stocked";
  bytes: Uint8Array;
  /** Where each request begins; one more than there are requests. */
  offsets: Float64Array;
  /** −1: the prompt is text, whose tokens only the engine counts. */
  askedInputTokens: Int32Array;
  askedOutputTokens: Int32Array;
}

/** Requests whose number is not known beforehand: each is made when its turn comes. */
export interface FreshRequests {
  kind: "fresh";
  prompts: Prompts;
  api: Api;
  draw: Draw;
  route: Route;
}

/** What stands in a request's head. */
export interface Route {
  host: string;
  path: string;
  idPrefix: string;
  /** The header for a server that wants an API key. */
  authorization?: string;
}

/** What one thread does of one load. Arrays lie in shared memory: threads take tickets from one roll. */
export interface ThreadOrder {
  /** On CLOCK_MONOTONIC, as all times between threads. */
  startAt: number;
  requests: StockedRequests | FreshRequests;
  /** When each request is due, in ms after the start; null in a closed loop: when a slot is free. */
  times: Float64Array | null;
  /** No request starts later than this after the start; null: the requests themselves are the end. */
  lastsMs: number | null;
  /** Requests that this thread may have open at once; all threads' slots are the concurrency. */
  slots: number;
  /** One number: the next request that nobody has taken. */
  tickets: Int32Array;
  live: Float64Array;
  timeoutSeconds: number;
  /** false: the length asked for is the most that an answer may have, and not the one it must have. */
  exactLengths?: boolean;
}

/** Places in `ThreadOrder.live`, which its thread alone writes and the main thread reads for the progress. */
export const LIVE = { settled: 0, failed: 1, open: 2, tokens: 3, ttftSum: 4, ttftCount: 5, itlSum: 6, itlCount: 7 };
export const LIVE_LENGTH = 8;

export type ToThread =
  | { kind: "prepare"; target: Target; connections: number; spare: number; isTimed: boolean }
  | { kind: "run"; order: ThreadOrder }
  | { kind: "cancel"; why: string };

/** What one thread measured, a column each, in the order in which its requests went out. */
export interface ThreadResult {
  /** When the thread's last request had settled. */
  finishedAt: number;
  index: Int32Array;
  scheduledAt: Float64Array;
  sentAt: Float64Array;
  /** NaN: it had no end. */
  endedAt: Float64Array;
  /** Token events of all requests, one after the other; `arrivalCounts` says how many are whose. */
  arrivals: Float64Array;
  arrivalCounts: Uint32Array;
  /** Tokens of each arrival; null when all are 1. */
  chunkTokens: Uint32Array | null;
  askedInputTokens: Int32Array;
  askedOutputTokens: Int32Array;
  inputTokens: Int32Array;
  outputTokens: Int32Array;
  finishReasons: (string | null)[];
  errors: (string | null)[];
  reads: number;
  /** Requests that went out twice; see `Exchange.wasResent`. */
  resent: number;
  health: ThreadHealth;
}

export interface ThreadHealth {
  utilization: number;
  loopDelayP99Ms: number;
  gcMs: number;
  /** How late each request went out, in ms, that had a moment and a free slot. */
  sendDelaysMs: Float64Array;
}

export type FromThread = { kind: "prepared" } | { kind: "finished"; threadResult: ThreadResult };
