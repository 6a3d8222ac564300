import fc from "fast-check";
import { expect, test } from "vitest";
import { boundedRun } from "../../../src/result/checks/bounded-run.ts";
import { shownRun } from "../../../src/result/checks/shown-run.ts";
import { Run } from "../../../src/result/document/run.ts";
import { contextKey, contextOf } from "../../../src/result/series/series.ts";
import { longRun } from "../../support/long-run.ts";
import { failedRun, sampleRun } from "../../support/run-document.ts";

const keyOf = (run: Run) => contextKey(contextOf(run));
const named = (name: string): Run => ({ ...sampleRun, model: { ...sampleRun.model, name }, configuration: `${name}.` });

test("a usual document is the very same", () => {
  expect(shownRun(failedRun)).toBe(failedRun);
});

test("so is one that was cut when it was assembled, and one that was cut for readers before", () => {
  const assembled = boundedRun(longRun());
  expect(shownRun(assembled)).toBe(assembled);
  const shown = shownRun(longRun());
  expect(shownRun(shown)).toBe(shown);
});

test("a text of megabytes in an old document is cut, says how much it was, and leaves a document", () => {
  const shown = shownRun(longRun());
  expect(Run.parse(shown)).toEqual(shown);
  expect(JSON.stringify(shown).length).toBeLessThan(60_000);
  expect(shown.trigger.subject).toMatch(/^x{1000}… \(99,000 more characters\) \[[0-9a-f]{8}\]$/);
  expect(shown.cells[1]).toMatchObject({ detail: expect.stringMatching(/y… \(3,496,000 more characters\) \[/) });
});

test("series are what they were: names are equal when they were, and others when they were not", () => {
  const name = fc.tuple(
    fc.constantFrom("a", "b", ""),
    fc.integer({ min: 990, max: 1100 }),
    fc.constantFrom("a", "b", ""),
  );
  fc.assert(
    fc.property(name, name, (...names) => {
      const runs = names.map(([first, length, last]) => named(`${first}${"x".repeat(length)}${last}`));
      const [one, other] = runs.map(keyOf);
      const [shownOne, shownOther] = runs.map((run) => keyOf(shownRun(run)));
      expect(shownOne === shownOther).toBe(one === other);
    }),
    {
      examples: [
        [
          ["a", 1050, "a"],
          ["a", 1050, "b"],
        ],
        [
          ["", 1050, "a"],
          ["", 1050, "a"],
        ],
      ],
    },
  );
});

test("ids, params and engine arguments are whole, of which no reader takes more than so much", () => {
  const args = ["--speculative-config", JSON.stringify({ model: "m".repeat(20_000) })];
  const long = longRun(5_000, { engine: { ...sampleRun.engine, args } });
  const shown = shownRun(long);
  expect(contextOf(shown).engineArguments).toBe(contextOf(long).engineArguments);
  expect(shown.cells.map(({ id, params }) => [id, params])).toEqual(long.cells.map(({ id, params }) => [id, params]));
});

test("a series whose arguments a person renamed stays one with those that have them", () => {
  const args = ["--speculative-config", "m".repeat(50_000)];
  const own = { ...sampleRun, engine: { ...sampleRun.engine, args } };
  const to = contextOf(own).engineArguments!;
  const entry = { what: "arguments", from: "none", to, why: "w", by: "b", at: "2026-11-24T10:00:00Z" };
  expect(keyOf(shownRun({ ...sampleRun, renamed: [entry] }))).toBe(keyOf(shownRun(own)));
});
