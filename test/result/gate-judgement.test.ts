import { describe, expect, test } from "vitest";
import type { Cell } from "../../src/result/document/cell.ts";
import { gateCell } from "../../src/result/gate/gate.ts";
import { CLOCK, checked, failure, IDENTITY, requests, SERVING } from "../support/gated-cells.ts";
import { requestSamples } from "../support/request-samples.ts";

describe("a measured cell", () => {
  const params = { inputLen: 10, outputLen: 3, numPrompts: 2 };
  const gate = (changes: Partial<Extract<Cell, { status: "measured" }>>) =>
    checked(
      gateCell({ ...IDENTITY, ...SERVING, ...CLOCK, params, status: "measured", measurement: requests(), ...changes }),
    );
  const health = { cpuSeconds: 1, eventLoopUtilization: 1, eventLoopDelayP99Ms: 1, sendDelayP99Ms: 1 };

  test("whose client set the numbers keeps none of them but its counts, and says why", () => {
    const gated = gate({ health: { ...health, limitedBy: ["its event loop was busy", "it sent late"] } });
    const detail = "its event loop was busy; it sent late";
    expect(gated).toEqual({
      ...SERVING,
      params,
      status: "failed",
      reason: "client_limited",
      detail,
      completed: 2,
      failed: 0,
    });
    expect(gate({ health: { ...health, limitedBy: [] } })).toMatchObject({ status: "ok" });
  });

  test("whose requests failed is blamed on them first", () => {
    const measurement = requests({ errors: [null, "cut_off: gone"] });
    expect(gate({ measurement, health: { ...health, limitedBy: ["busy"] } })).toMatchObject({
      reason: "incomplete_requests",
    });
  });

  test("passes on what was seen from outside, and has goodput and energy by it", () => {
    const telemetry = {
      gpu: { tool: "nvidia-smi" as const, samples: 2, gpus: 1, energyJ: 12, throttling: [] },
      warnings: ["another process used the GPU"],
    };
    const slos = [{ metric: "ttft_ms" as const, limitMs: 4 }];
    const gated = gate({ telemetry, slos });
    expect(gated).toMatchObject({ telemetry, slos });
    expect(gated).toMatchObject({ metrics: { energy_per_output_token_j: 2, request_goodput_req_s: 0 } });
  });

  test("of a constant load has its steady state beside the whole", () => {
    const sends = Array.from({ length: 40 }, (_, index) => ({ sentMs: 10 * index, tokensMs: [10 * index + 20] }));
    const measurement = { kind: "requests" as const, requests: requestSamples(sends, 0.5) };
    const steady = { fromS: 0.02, toS: 0.39 };
    expect(gate({ measurement, params: { requestRate: 100, numPrompts: 40 } })).toMatchObject({ steady });
    const repeated = { kind: "repeated" as const, repeats: [measurement, measurement] };
    expect(gate({ measurement: repeated, params: { requestRate: 100, numPrompts: 40 } })).toMatchObject({ steady });
    expect(gate({ measurement, params: { requestRate: "inf", numPrompts: 40 } })).not.toHaveProperty("steady");
  });

  test("that was repeated keeps how its numbers varied", () => {
    const repeats = [requests(), requests({ durationS: 2 }), requests({ durationS: 4 })];
    const gated = gate({ measurement: { kind: "repeated", repeats } });
    expect(gated).toMatchObject({ metrics: { request_throughput_req_s: 1, completed: 6 }, repeats: { count: 3 } });
    expect(gated).toHaveProperty("repeats.metrics.total_token_throughput_tok_s", [26, 13, 6.5]);
  });

  test("fails with any of its repeats, naming it", () => {
    const repeats = [requests(), requests({ errors: [null, "cut_off: gone"] })];
    const detail = "repeat 2 of 2: 1 of 2 requests failed: cut_off ×1. First: cut_off: gone";
    expect(gate({ measurement: { kind: "repeated", repeats } })).toEqual(failure(detail, { completed: 3, failed: 1 }));
  });

  describe("that ended a search", () => {
    const search = (...levels: [number, boolean][]) => ({
      find: "max-rate" as const,
      objectives: ["ttft_ms.p99<500"],
      tolerance: 0.05,
      probes: levels.map(([level, meets]) => ({ level, meets, values: {} })),
    });

    test("has the highest level that met its objectives as a metric", () => {
      expect(gate({ search: search([4, true], [8, false], [6, true]) })).toMatchObject({
        search: { find: "max-rate" },
        metrics: { found_rate_req_s: 6 },
      });
      const concurrency = { ...search([4, true]), find: "max-concurrency" as const };
      expect(gate({ search: concurrency })).toMatchObject({ metrics: { found_concurrency: 4 } });
    });

    test("without one that did is failed, and shows what was tried", () =>
      expect(gate({ search: search([4, false], [2, false]) })).toMatchObject({
        reason: "objectives_missed",
        detail: "none of 2 levels tried met every objective",
        search: search([4, false], [2, false]),
        completed: 2,
      }));
  });
});
