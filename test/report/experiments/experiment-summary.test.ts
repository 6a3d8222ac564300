import { expect, test } from "vitest";
import { experimentsMarkdown } from "../../../src/report/experiments/experiment-summary.ts";
import type { ExperimentEnd } from "../../../src/result/document/experiment.ts";
import { failedSize, runOn, size, start } from "../histories.ts";

const end = (name: string, how: Partial<ExperimentEnd> = {}): ExperimentEnd => ({
  ...{ name, settings: {}, engineArgs: [], status: "ok", seconds: 1, configurationHash: "0" },
  ...how,
});
const measured = [3, 1, 2, 10].map((factor, at) => ({ name: `c${at}`, run: runOn(1, [size(1, factor)]) }));

test("each metric has its best combination, and how the others spread: of an even number, the mean of the middle two", () => {
  const text = experimentsMarkdown({ ends: measured.map(({ name }) => end(name)), measured, seconds: 60 }).source;
  expect(text).toContain("4 combinations: 4 ok, 0 failed, 0 cancelled; 0 left out by rule. 100 % ok, 60.0 s");
  expect(text).toMatch(/\| Cell \| Metric \| Combination \| Best \| Median \| Worst \| Of \|/);
  const numbers = /\| Batch latency \(s\) \| c1 \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| 4 \|/.exec(text)!.slice(1);
  const [best, median, worst] = numbers.map(Number);
  expect([median! / best!, worst! / best!]).toEqual([expect.closeTo(2.5, 2), expect.closeTo(10, 2)]);
});

test("combinations are compared by how fast they start, too", () => {
  const starts = [40, 20].map((seconds, at) => ({ name: `c${at}`, run: runOn(1, [start("cold", seconds)]) }));
  const text = experimentsMarkdown({ ends: [end("c0")], measured: starts, seconds: 1 }).source;
  expect(text).toContain("| cold start | Start-up time (s) | c1 | 20.00 | 30.00 | 40.00 | 2 |");
  expect(text).toContain("1 combination: 1 ok");
});

test("a combination that is no better than the noise is no winner: they tie, and cost is compared where it is known", () => {
  const near = [1, 1.02, 1.04, 1.03, 1.5].map((factor, at) => ({ name: `c${at}`, run: runOn(1, [size(1, factor)]) }));
  expect(experimentsMarkdown({ ends: [], measured: near, seconds: 1 }).source).toContain(
    "| Batch latency (s) | tie: c0, c1, c3 and 1 more |",
  );
  const clear = [1, 1.2].map((factor, at) => ({ name: `c${at}`, run: runOn(1, [size(1, factor)]) }));
  expect(experimentsMarkdown({ ends: [], measured: clear, seconds: 1 }).source).toContain("| Batch latency (s) | c0 |");
  const priced = clear.map(({ name, run }) => ({
    name,
    run: {
      ...run,
      cells: run.cells.map((cell) =>
        cell.status === "ok"
          ? { ...cell, metrics: { ...cell.metrics, cost_per_million_tokens: name === "c0" ? 2 : 1 } }
          : cell,
      ),
    },
  }));
  expect(experimentsMarkdown({ ends: [], measured: priced, seconds: 1 }).source).toMatch(/\| Cost .*\| c1 \| 1\.00/);
});

test("a combination that failed, or did not measure a metric, is in no row of it", () => {
  const cells = [size(1, 1), size(1, { duration_s: 1 }), failedSize(1), size(1, 2)];
  const all = cells.map((cell, at) => ({ name: `c${at}`, run: runOn(1, [cell]) }));
  const text = experimentsMarkdown({ ends: [], measured: all, seconds: 1 }).source;
  expect(text).toContain("| Batch latency (s) | c0 | 1.0000 | 1.5000 | 2.0000 | 2 |");
});

test("combinations of several models are compared within each model, too", () => {
  const titles = (...models: string[]) => {
    const each = measured.slice(0, 2).map(({ name, run }, at) => ({
      ...{ name, run: { ...run, model: { ...run.model, name: models[at]! } } },
    }));
    const text = experimentsMarkdown({ ends: [], measured: each, seconds: 1 }).source;
    return [...text.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
  };
  expect(titles("a", "a")).toEqual(["Best of each metric"]);
  expect(titles("a", "b")).toEqual(["Best of each metric", "Best of a", "Best of b"]);
});

test("what has no numbers is listed with its class, up to what GitHub shows", () => {
  const ends = Array.from({ length: 201 }, (_, at) =>
    end(`c${at}`, { status: "failed", reason: "out_of_memory", detail: "too\nlarge" }),
  );
  const text = experimentsMarkdown({ ends, measured: [], seconds: 1 }).source;
  expect(text).toContain("| c199 | failed | out_of_memory | too large |");
  expect(text).not.toContain("| c200 |");
  expect(text).toContain("and 1 more: experiments.csv has all of them");
});
