import type { ClientEnd, ServingLoad } from "../../src/load/client/serving-client.ts";
import type { Attempt } from "../../src/load/strategy/trying.ts";
import { requestSamples } from "../support/request-samples.ts";

export const LOAD: ServingLoad = {
  endpoint: "completions",
  load: { kind: "closed-loop", concurrency: 4 },
  bound: { kind: "requests", count: 2 },
  prompts: { kind: "random", inputLen: 10, outputLen: 3, rangeRatio: 0, sharedPrefix: 0 },
  temperature: 0,
  continuousUsage: false,
  seed: 7,
  warmupRequests: 5,
  requestTimeoutSeconds: 60,
};

const HEALTH = { cpuSeconds: 1, eventLoopUtilization: 0.1, eventLoopDelayP99Ms: 0, sendDelayP99Ms: 0 };

/** Two requests of this latency, as a load generator hands them back. */
export function measured(
  e2elMs: number,
  { error, limitedBy }: { error?: string; limitedBy?: string[] } = {},
): Extract<ClientEnd, { measurement: unknown }> {
  const request = { sentMs: 0, tokensMs: [e2elMs / 2, e2elMs / 2, e2elMs] };
  const requests = requestSamples([request, { ...request, ...(error === undefined ? {} : { error }) }], 2);
  return {
    warmupSeconds: 1,
    measuredSeconds: 2,
    measurement: { kind: "requests", requests },
    health: { ...HEALTH, ...(limitedBy === undefined ? {} : { limitedBy }) },
  };
}

export const CLIENT_FAILED: ClientEnd = {
  warmupSeconds: 3,
  measuredSeconds: 4,
  failure: { reason: "client_failed", detail: "no result file" },
};

/** A load generator that ends as told, over and over the last way, and keeps what it was asked. */
export function playing(...ends: ClientEnd[]) {
  const asked: { load: ServingLoad; tag: string }[] = [];
  const attempt: Attempt = async (load, tag) => {
    asked.push({ load, tag });
    return ends[Math.min(asked.length, ends.length) - 1]!;
  };
  return { attempt, asked };
}
