import { expect, test } from "vitest";
import {
  comparisonWith,
  earlierCell,
  earlierResult,
  lastGood,
  type PastRun,
  sameCell,
} from "../../../src/accuracy/report/earlier.ts";
import type { RunCell } from "../../../src/result/document/run.ts";
import { taskResult } from "../../support/accuracy-results.ts";

type OkCell = Extract<RunCell, { status: "ok" }>;
const PARAMS = { task: "mine", samples: "0123456789abcdef" };

function cell(wrong: readonly string[], samples = 100): OkCell {
  return {
    id: "check-accuracy/mine",
    benchmark: "check-accuracy",
    params: PARAMS,
    status: "ok",
    metrics: { score: 1 - wrong.length / samples, samples },
    outcomes: Object.fromEntries(wrong.map((id) => [id, "wrong"])),
  };
}

test("a run is held against an earlier report sample by sample", () => {
  const before = taskResult({ right: 20 });
  const now = taskResult({ right: 12, wrong: 8 });
  const comparison = comparisonWith(earlierResult(before, "yesterday"), now)!;
  expect(comparison).toMatchObject({ against: "yesterday", verdict: "worse", samples: 20, change: -0.4, gained: [] });
  expect(comparison.lost).toEqual(now.samples.slice(12).map(({ id }) => id));
});

test("samples that one of the two did not answer are in no pair", () => {
  const before = taskResult({ right: 5, unanswered: 5 });
  expect(comparisonWith(earlierResult(before, "x"), taskResult({ right: 20 }))?.samples).toBe(5);
  expect(comparisonWith(earlierResult(taskResult({ unanswered: 5 }), "x"), taskResult({ right: 5 }))).toBeUndefined();
  expect(comparisonWith(earlierResult(before, "x"), taskResult({ right: 3, unanswered: 1 }))).toBeUndefined();
});

test("a cell of the history is the same pairs as the report it was made of", () => {
  const now = taskResult({ right: 18, wrong: 2 });
  const earlier = earlierCell(cell([now.samples[0]!.id], 20), "run 1");
  expect(comparisonWith(earlier, now)).toMatchObject({ samples: 20, gained: [now.samples[0]!.id], change: -0.05 });
});

test("only a cell of the same samples, with all that was wrong, is taken", () => {
  const found = (one: RunCell, params: RunCell["params"] = PARAMS) =>
    sameCell({ cells: [one] }, { id: one.id, params });
  const good = cell(["a"]);
  expect(found(good)).toBe(good);
  expect(found(good, { ...PARAMS, samples: "another" })).toBeUndefined();
  expect(found({ ...good, outcomes: {} })).toBeUndefined();
  expect(found({ ...good, metrics: { score: 0.123, samples: 100 } })).toBeUndefined();
  expect(found({ ...good, status: "failed", reason: "incomplete_requests", detail: "x" } as RunCell)).toBeUndefined();
});

const past = (day: number, wrong: readonly string[], isAccepted = false): PastRun => ({
  run: { id: `2026110${day}T000000Z-00000000`, startedAt: `2026-11-0${day}T00:00:00Z` },
  cell: cell(wrong),
  isAccepted,
});
const LOST = ["a", "b", "c", "d", "e", "f", "g"];

test("a loss stays one however many runs follow, until it is mended or accepted", () => {
  const [good, worse, still] = [past(1, ["a"]), past(2, LOST), past(3, LOST)];
  expect(lastGood([])).toBeUndefined();
  expect(lastGood([good, past(2, ["b"])])?.run.id).toBe("20261102T000000Z-00000000");
  expect(lastGood([good, worse, still])).toBe(good);
  const mended = past(4, ["b"]);
  expect(lastGood([good, worse, still, mended])).toBe(mended);
  const accepted = past(3, LOST, true);
  expect(lastGood([good, worse, accepted])).toBe(accepted);
});
