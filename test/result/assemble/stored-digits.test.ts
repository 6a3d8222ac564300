import * as fc from "fast-check";
import { expect, test } from "vitest";
import { storedCell } from "../../../src/result/assemble/stored-cell.ts";
import { storedDigits } from "../../../src/result/assemble/stored-digits.ts";
import type { RunCell } from "../../../src/result/document/run.ts";

test("a stored number is within half of its sixth digit of what was measured, and whole numbers are as they were", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), fc.maxSafeInteger(), (measured, whole) => {
      const stored = storedDigits({ measured: [measured], whole, text: "1.23456789", none: null });
      expect(Math.abs(stored.measured[0]! / measured - 1)).toBeLessThanOrEqual(5e-6);
      expect(stored).toEqual({ ...stored, whole, text: "1.23456789", none: null });
      expect(storedDigits(stored)).toEqual(stored);
    }),
  );
});

test.each([
  [1_234_567.4, 1_234_567],
  [123_456.7, 123_457],
  [99_999.94, 99_999.9],
  [-123_456.7, -123_457],
  [0.012_345_678, 0.012_345_7],
])("%d is stored as %d", (measured, stored) => expect(storedDigits(measured)).toBe(stored));

test("a stored cell has fewer digits beside its metrics, and its parameters as they were given", () => {
  const measured = 1234.567891;
  const cell: RunCell = {
    ...{ id: "serve-benchmark/a", benchmark: "serve-benchmark", params: { requestRate: measured }, status: "ok" },
    metrics: { ttft_ms: { mean: measured }, duration_s: 12.3456789 },
    health: { cpuSeconds: 0.123456, eventLoopUtilization: 0, eventLoopDelayP99Ms: measured, sendDelayP99Ms: 1 },
    telemetry: {
      gpu: { tool: "nvidia-smi", samples: 3, gpus: 8, energyJ: 748_750.4, powerW: { mean: 4157.3, max: 4217 } },
      warnings: [],
    },
  };
  expect(storedCell(cell)).toEqual({
    ...cell,
    metrics: { ttft_ms: { mean: 1234.57 }, duration_s: 12.3457 },
    health: { ...cell.health, cpuSeconds: 0.1235, eventLoopDelayP99Ms: 1235 },
    telemetry: { gpu: { ...cell.telemetry!.gpu, energyJ: 748_750, powerW: { mean: 4157, max: 4217 } }, warnings: [] },
  });
});
