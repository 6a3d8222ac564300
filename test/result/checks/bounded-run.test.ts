import { expect, test } from "vitest";
import { cut } from "../../../src/foreign-text/limits.ts";
import { boundedRun } from "../../../src/result/checks/bounded-run.ts";
import { Run } from "../../../src/result/document/run.ts";
import { crashedServingCell, sampleRun } from "../../support/run-document.ts";

test("a usual document is as it was", () => {
  expect(boundedRun(sampleRun)).toEqual(sampleRun);
});

test("a text of megabytes is cut wherever it stands, and says so", () => {
  const long = "x".repeat(2_000_000);
  const run = boundedRun({
    ...sampleRun,
    trigger: { ...sampleRun.trigger, subject: long },
    engine: { ...sampleRun.engine, args: [long, "--short"] },
    model: { ...sampleRun.model, name: long },
    cells: [{ ...crashedServingCell, detail: long, logTail: long } as Run["cells"][number]],
  });
  expect(Run.parse(run)).toEqual(run);
  expect(JSON.stringify(run).length).toBeLessThan(60_000);
  expect(run.trigger.subject).toBe(`${"x".repeat(1000)}… (1,999,000 more characters)`);
  expect(run.engine.args[1]).toBe("--short");
});

test("no half of a character is left at the end", () => {
  expect(cut("a😀b", 2)).toBe("a… (3 more characters)");
});
