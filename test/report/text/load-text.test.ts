import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { z } from "zod";
import { runSummary } from "../../../src/report/markdown.ts";
import { cellsText } from "../../../src/report/terminal.ts";
import { cellGroup, cellLabel } from "../../../src/report/text/cell-label.ts";
import type { RunCell } from "../../../src/result/document/run.ts";
import { servingInputs } from "../../../src/verbs/serve-benchmark/inputs.ts";
import { planServing } from "../../../src/verbs/serve-benchmark/plan.ts";
import { sampleRun } from "../../support/run-document.ts";

/** The one cell that these inputs plan, as if it had been measured. */
async function cellFor(given: object): Promise<RunCell> {
  const inputs = z.strictObject(servingInputs).parse({ pairs: "300:100", ...given });
  const [cell] = await planServing(inputs);
  return { ...cell!, status: "ok", metrics: { completed: 9 } };
}

const SLO = { slo: "ttft_ms.p99<500" };

test.each<[object, string]>([
  [{ requestRate: 12.5 }, "300 → 100 · 12.5 req/s"],
  [{ requestRate: "inf", numPrompts: 9 }, "300 → 100 · all at once"],
  [{ requestRate: 2, burstiness: 0.5 }, "300 → 100 · 2 req/s, burstiness 0.5"],
  [{ requestRate: 2, burstiness: "inf" }, "300 → 100 · 2 req/s, constant"],
  [{ requestRate: 2, maxConcurrency: 8 }, "300 → 100 · 2 req/s, at most 8 at once"],
  [{ concurrency: 4 }, "300 → 100 · 4 at once"],
  [{ concurrency: 4, duration: 30 }, "300 → 100 · 4 at once for 30 s"],
  [{ ramp: "1:20" }, "300 → 100 · 1 → 20 req/s"],
  [{ bursts: "50@10" }, "300 → 100 · 50 every 10 s"],
  [{ find: "max-rate", ...SLO }, "300 → 100 · highest rate"],
  [{ find: "max-concurrency", ...SLO }, "300 → 100 · highest concurrency"],
  [{ concurrency: 4, endpoint: "chat" }, "300 → 100 · 4 at once, chat"],
  [{ concurrency: 4, rangeRatio: 0.2 }, "300 → 100 ± 20 % · 4 at once"],
  [{ concurrency: 4, sharedPrefix: 50, rangeRatio: 0.07 }, "300 → 100 ± 7 %, 50 shared · 4 at once"],
])("a cell of %j is called “%s”", async (given, label) => expect(cellLabel(await cellFor(given))).toBe(label));

test("prompts of a file are called after it, and a trace's pace after its speed", async () => {
  await using folder = await createFixture({
    "own prompts.jsonl": '{"prompt": "Say yes.", "output_tokens": 3}\n',
    "trace.jsonl": '{"timestamp": 0, "input_length": 6, "output_length": 3}\n',
  });
  const labelOf = async (given: object) => cellLabel(await cellFor(given));
  const own = `jsonl:${folder.getPath("own prompts.jsonl")}`;
  expect(await labelOf({ dataset: own, requestRate: 2 })).toBe("own prompts.jsonl · 2 req/s");
  const trace = { dataset: `trace:${folder.getPath("trace.jsonl")}` };
  expect(await labelOf(trace)).toBe("trace.jsonl · replayed");
  expect(await labelOf({ ...trace, traceSpeed: 2 })).toBe("trace.jsonl · replayed 2 × as fast");
});

test("a chart is shared by cells whose requests come in the same way", async () => {
  const groups = async (...all: object[]) => {
    const cells = await Promise.all(all.map((given) => cellFor(given)));
    return new Set(cells.map(cellGroup));
  };
  expect(await groups({ requestRate: 2 }, { find: "max-rate", ...SLO })).toEqual(new Set(["At a request rate"]));
  expect(await groups({ ramp: "1:20" }, { bursts: "5@1" })).toEqual(new Set(["At a changing rate"]));
  expect(await groups({ concurrency: 4 }, { find: "max-concurrency", ...SLO })).toEqual(new Set(["At a concurrency"]));
});

test("tables name the file where lengths would stand, in Markdown and on a terminal", async () => {
  await using folder = await createFixture({ "own.jsonl": '{"prompt": "Say yes.", "output_tokens": 3}\n' });
  const cells = [
    await cellFor({ dataset: `jsonl:${folder.getPath("own.jsonl")}`, concurrency: 4 }),
    await cellFor({ sharedPrefix: 50, ramp: "1:20" }),
  ];
  const summary = runSummary({ ...sampleRun, cells }).source;
  expect(summary).toContain("| own.jsonl | 4 at once | 9 |");
  expect(summary).toContain("| 300:100, 50 shared | 1 → 20 req/s | 9 |");
  const text = cellsText(cells);
  expect(text).toMatch(/own\.jsonl\s+│ 4 at once/);
  expect(text).not.toContain("–:–");
});

test("a cell of unknown parameters goes by its id", () => {
  const cell: RunCell = {
    id: "serve-benchmark/something_new",
    benchmark: "serve-benchmark",
    params: {},
    status: "ok",
    metrics: {},
  };
  expect(cellLabel(cell)).toBe("something_new");
});
