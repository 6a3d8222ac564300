import { expect, test } from "vitest";
import { Cell } from "../../../src/result/document/cell.ts";
import { gateCell } from "../../../src/result/gate/gate.ts";

test("a check's counts and what came of its parts reach the run document as they are", () => {
  const cell = Cell.parse({
    schema: "pitwall.cell/1",
    id: "check-functional/openai",
    benchmark: "check-functional",
    params: { suite: "openai" },
    client: { kind: "pitwall", version: "1.0.0" },
    startedAt: "2026-11-30T10:00:00Z",
    finishedAt: "2026-11-30T10:00:09Z",
    warmupSeconds: 0,
    measuredSeconds: 9,
    status: "measured",
    measurement: {
      kind: "checked",
      metrics: { conforms: 119, deviates: 1, unsupported: 0, not_tested: 0, conforming_fraction: 119 / 120 },
      outcomes: { "chat.stream.done": "deviates" },
    },
  });
  expect(gateCell(cell)).toEqual({
    id: "check-functional/openai",
    benchmark: "check-functional",
    params: { suite: "openai" },
    status: "ok",
    metrics: { conforms: 119, deviates: 1, unsupported: 0, not_tested: 0, conforming_fraction: 119 / 120 },
    outcomes: { "chat.stream.done": "deviates" },
  });
});
