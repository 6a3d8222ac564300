import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRun, serializeRun } from "../../src/database/document/document.ts";
import { exportConcurrency, exportLatencies, exportServing } from "../../src/formats/seed/export.ts";
import { importConcurrency, importLatencies, importServing } from "../../src/formats/seed/import.ts";
import { sampleRun } from "../support/run-document.ts";

/* Whatever the three files of the older history may hold comes out of the documents as it went in. */

const { engine, model, host, client } = sampleRun;
const context = { engine, model, host, client };

const number = fc.double({ min: 1e-6, max: 1e6, noNaN: true, noDefaultInfinity: true });
const moment = fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }).map((seconds) => new Date(seconds * 1000));
const spelling = fc.constantFrom(".571673+00:00", ".571673Z", "Z", "+02:00", ".5");
const timestamp = fc.tuple(moment, spelling).map(([date, suffix]) => `${date.toISOString().slice(0, 19)}${suffix}`);
const realTime = (text: string) => Date.parse(/Z|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
/** In the order of time and with one point a moment, as those that append to such a file leave it. */
const points = <T extends { timestamp: string }>(one: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(one, { minLength: 1, maxLength: 6, selector: (point) => Math.floor(realTime(point.timestamp) / 1000) })
    .map((list) => list.toSorted((a, b) => realTime(a.timestamp) - realTime(b.timestamp)));

/** Statistics of one sample, as it could be: percentiles ascend, and a tail that no percentile shows lifts the mean above them. */
const statisticsOf = (names: readonly string[]) =>
  fc
    .array(number, { minLength: names.length, maxLength: names.length })
    .map((values) => values.toSorted((a, b) => a - b))
    .map((values) => Object.fromEntries(names.map((name, index) => [name, values[index]!])));

const result = statisticsOf(["p50", "p90", "p99", "avg_latency"]).map(({ avg_latency, ...rest }) => ({
  avg_latency,
  ...rest,
}));
const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 512 }), { minLength: 1, maxLength: 5 });
const latencyPoint = fc
  .record({ timestamp, sizes, results: fc.array(result, { minLength: 5, maxLength: 5 }) })
  .map((point) => ({
    timestamp: point.timestamp,
    results: point.sizes
      .toSorted((a, b) => a - b)
      .map((batch_size, index) => ({ batch_size, ...point.results[index]! })),
  }));

const statistics = ["mean", "std", "p25", "p50", "p75", "p90", "p99", "p99.9"];
const statisticsOfServing = fc.record(
  Object.fromEntries(
    ["ttft", "tpot", "itl"].map((metric) => [metric, statisticsOf([...statistics.slice(2), "mean", "std"])]),
  ),
);
const throughputs = ["total_token_throughput", "request_throughput", "output_throughput"];
const servingPoint = fc
  .record({
    timestamp,
    rates: fc.record(Object.fromEntries(throughputs.map((key) => [key, number]))),
    times: statisticsOfServing,
  })
  .map(({ timestamp: time, rates, times }) => {
    const keys = Object.entries(times).flatMap(([metric, found]) =>
      statistics.map((statistic) => [`${statistic}_${metric}_ms`, found[statistic]!]),
    );
    const values = { ...rates, ...Object.fromEntries(keys) };
    const medians = ["ttft", "tpot", "itl"].map((metric) => [`median_${metric}_ms`, values[`p50_${metric}_ms`]]);
    return { timestamp: time, ...values, ...Object.fromEntries(medians) };
  });
const history = points(servingPoint);
const lengths = fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 1, max: 4000 }));
const servingFile = fc
  .uniqueArray(fc.tuple(lengths, history), { minLength: 1, maxLength: 3, selector: ([pair]) => pair.join("_") })
  .map((pairs) =>
    Object.fromEntries(
      pairs.map(([[input_len, output_len], one]) => [
        `${input_len}_${output_len}`,
        { input_len, output_len, total_tokens: input_len + output_len, history: one },
      ]),
    ),
  );

const level = fc.record({
  total_token_throughput: number,
  tokens_per_sec_user: number,
  mean_tpot_ms: number,
  mean_ttft_ms: number,
  cost_per_million_toks: number,
});
const levels = points(fc.record({ timestamp, levels: fc.array(level, { minLength: 1, maxLength: 7 }) })).map((sweeps) =>
  sweeps.flatMap((sweep) =>
    sweep.levels.map((values, index) => ({ timestamp: sweep.timestamp, max_concurrency: 2 ** index, ...values })),
  ),
);

/** Through the text of the documents, in the order in which a reader of the branch gives them. */
const stored = (runs: ReturnType<typeof importLatencies>) =>
  runs
    .map((run) => parseRun(serializeRun(run), run.id))
    .toSorted((a, b) => realTime(a.startedAt) - realTime(b.startedAt));

describe("import, then export, is the identity for", () => {
  test("data.json", () => {
    fc.assert(
      fc.property(points(latencyPoint), (file) => {
        const text = JSON.stringify(file, null, 2);
        const runs = importLatencies({ name: "data.json", text }, context, { inputLen: 512, outputLen: 128 });
        expect(exportLatencies(stored(runs))).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  test("e2e_benchmark_data.json", () => {
    fc.assert(
      fc.property(servingFile, (file) => {
        const runs = importServing({ name: "e2e.json", text: JSON.stringify(file) }, context, 5000);
        expect(JSON.parse(exportServing(stored(runs)))).toEqual(file);
      }),
      { numRuns: 60 },
    );
  });

  test("max_concurrency_benchmark_data.json", () => {
    fc.assert(
      fc.property(levels, (file) => {
        const text = JSON.stringify(file, null, 2);
        const runs = importConcurrency({ name: "c.json", text }, context, { inputLen: 1000, outputLen: 200 });
        expect(exportConcurrency(stored(runs))).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});
