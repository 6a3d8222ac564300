import { existsSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import type { PhaseRun } from "../../../src/evaluate/evidence.ts";
import { isFinal, type SavedEvidence, saveEvidence } from "../../../src/evaluate/work/saved-evidence.ts";
import { noStages } from "../../../src/evaluate/work/stages.ts";

const saved = (evidence: SavedEvidence["evidence"]): SavedEvidence => ({
  schema: "pitwall.evidence/1",
  ...{ instance: "a", candidate: "gold", task: "task", key: null, beforeKey: null, environment: null },
  ...{ startedAt: "2026-11-30T00:00:00Z", stages: noStages(), evidence },
});
const through: PhaseRun = { end: { kind: "exit", code: 1 }, seconds: 1 };
const late: PhaseRun = { end: { kind: "timeout", seconds: 5 }, seconds: 5 };

test("two phases that came to their end are not run again", () => {
  expect(isFinal(saved({ kind: "phases", before: [through], after: [through] }))).toBe(true);
});

test.each([
  ["before", { before: [late], after: [through] }],
  ["after", { before: [through], after: [through, late] }],
])("one that took too long %s is, for the machine may have been why", (_, phases) => {
  expect(isFinal(saved({ kind: "phases", ...phases }))).toBe(false);
});

test("what stopped for want of something is, and a refused patch is not", () => {
  const missing = { kind: "stopped", step: "container", status: "environment", detail: "no image" } as const;
  expect(isFinal(saved(missing))).toBe(false);
  expect(isFinal(saved({ kind: "patch_failed", which: "candidate", detail: "corrupt" }))).toBe(true);
});

test.skipIf(process.getuid?.() === 0)(
  "a log that a container's user keeps for itself keeps no result from being saved",
  async () => {
    await using folder = await createFixture({ "logs/after-1.log": "passed", "logs/after-1.xml": "<testsuites/>" });
    await chmod(folder.getPath("logs/after-1.log"), 0);
    const output = folder.getPath("out");
    await saveEvidence(output, saved({ kind: "phases", before: [through], after: [through] }), [
      folder.getPath("logs"),
    ]);
    expect(existsSync(`${output}/gold/a/evidence.json`)).toBe(true);
    expect(existsSync(`${output}/gold/a/after-1.xml`)).toBe(true);
  },
);
