import { expect } from "vitest";
import type { CellParams, Measurement, RequestSamples } from "../../src/result/document/cell.ts";
import { RunCell } from "../../src/result/document/run.ts";
import { gateCell } from "../../src/result/gate/gate.ts";
import { requestSamples } from "./request-samples.ts";

export const IDENTITY = {
  schema: "pitwall.cell/1",
  client: { kind: "pitwall", version: "1" },
} as const;
export const CLOCK = {
  startedAt: "2026-11-22T06:45:01Z",
  finishedAt: "2026-11-22T06:45:09Z",
  warmupSeconds: 1,
  measuredSeconds: 2,
};
export const SERVING = { id: "serve-benchmark/x", benchmark: "serve-benchmark" } as const;
export const SWEEP = { id: "latency-sweep/x", benchmark: "latency-sweep" } as const;
export const THROUGHPUT = { id: "throughput-benchmark/x", benchmark: "throughput-benchmark" } as const;
export const STARTUP = { id: "startup-benchmark/cold", benchmark: "startup-benchmark" } as const;

export function gateServing(
  measurement: Measurement,
  params: CellParams = { inputLen: 10, outputLen: 3, numPrompts: 2 },
) {
  return checked(gateCell({ ...IDENTITY, ...SERVING, ...CLOCK, params, status: "measured", measurement }));
}

/** What the gate gives must be what a run document may hold. */
export function checked(cell: RunCell): RunCell {
  expect(RunCell.parse(cell)).toEqual(cell);
  return cell;
}

export const failure = (detail: string, counts: object = {}) =>
  expect.objectContaining({ status: "failed", reason: "incomplete_requests", detail, ...counts });

const SAMPLES = requestSamples(
  [
    { sentMs: 0, tokensMs: [5, 7, 9] },
    { sentMs: 10, tokensMs: [15, 17, 19] },
  ],
  1,
);
export const requests = (changes: Partial<RequestSamples> = {}) => ({
  kind: "requests" as const,
  requests: { ...SAMPLES, ...changes },
});
