/** How requests arrive. Open: at their times, whatever the engine does. Closed: one goes out when one comes back. */
export type Load =
  | { kind: "open-loop"; requestRate: number; maxConcurrency?: number | undefined }
  | { kind: "closed-loop"; concurrency: number };

/** One cell's load. Rates in requests a second (Infinity: all at once), lengths in tokens. */
export interface LoadPlan {
  baseUrl: string;
  model: string;
  load: Load;
  numPrompts: number;
  inputLen: number;
  outputLen: number;
  seed: number;
  warmupRequests: number;
  requestTimeoutSeconds: number;
}

/** Requests that may be open at once. */
export function concurrencyLimit(load: Load): number {
  return load.kind === "closed-loop" ? load.concurrency : (load.maxConcurrency ?? Number.POSITIVE_INFINITY);
}
