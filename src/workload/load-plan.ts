import type { Takes } from "../result/document/takes.ts";
import type { Arrivals, Bound } from "./arrivals/arrivals.ts";
import type { Endpoint, Prompts } from "./prompts.ts";

/**
 * How requests are sent. Open: at their times, whatever the engine does, though with a cap some wait for others.
 * Closed: one goes out when one comes back.
 */
export type Load =
  | { kind: "open-loop"; arrivals: Arrivals; maxConcurrency?: number | undefined }
  | { kind: "closed-loop"; concurrency: number };

/** One cell's load. Lengths in tokens. */
export interface LoadPlan {
  baseUrl: string;
  model: string;
  endpoint: Endpoint;
  load: Load;
  bound: Bound;
  prompts: Prompts;
  temperature: number;
  /** Ask the engine for its token count with every event: needed where an event may carry several. */
  continuousUsage: boolean;
  seed: number;
  warmupRequests: number;
  requestTimeoutSeconds: number;
  /** What the server takes; absent: everything. */
  takes?: Takes | undefined;
}

/** Requests that may be open at once. */
export function concurrencyLimit(load: Load): number {
  return load.kind === "closed-loop" ? load.concurrency : (load.maxConcurrency ?? Number.POSITIVE_INFINITY);
}
