import type { Bisect } from "../../src/result/document/bisect.ts";
import { okLatencyCell, sampleRun } from "./run-document.ts";

const block = (build: number, value: number): Bisect["blocks"][number] => ({
  ...{ build, against: 0 },
  base: [1, 4].map((at) => ({ at, value: 1 })) as Bisect["blocks"][number]["base"],
  arm: [2, 3].map((at) => ({ at, value })) as Bisect["blocks"][number]["arm"],
});

/** A search that found the second of three commits after the good end. */
export const sampleBisect: Bisect = {
  schema: "pitwall.bisect/1",
  id: "20261124T093000Z-0badcafe",
  startedAt: "2026-11-24T09:30:00Z",
  updatedAt: "2026-11-24T11:02:00Z",
  cell: okLatencyCell.id,
  params: okLatencyCell.params,
  metric: "latency_s",
  alarm: sampleRun.id,
  engine: "docker",
  model: sampleRun.model.name,
  host: { label: "h100-1", gpu: "NVIDIA H100 80GB HBM3", gpuCount: 1 },
  inputs: "5eed".repeat(16),
  maxBlocks: 80,
  deviceSeconds: 1234.5,
  builds: ["a", "b", "c", "d"].map((digit) => ({ name: digit.repeat(40), subject: `Commit ${digit}`, weight: 1 })),
  blocks: [block(3, 1.05), block(1, 1), block(2, 1.05)],
  result: {
    end: "culprit",
    ...{ ratio: 1.05, low: 1.03, high: 1.07 },
    changes: [{ from: 1, to: 2, probability: 0.99, ratio: 1.05, low: 1.02, high: 1.08, verified: true }],
    runnerUp: { from: 0, to: 1, probability: 0.006, ratio: 1.001, verified: false },
    detail: "cccccccccc raised latency_s by 5.0 %",
  },
};
