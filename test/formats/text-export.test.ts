import { describe, expect, test } from "vitest";
import { customBenchmark, prometheusText } from "../../src/formats/text-export.ts";
import type { Run, RunCell } from "../../src/result/document/run.ts";
import { runOn, size } from "../report/histories.ts";

const throughput: RunCell = {
  ...{ id: "throughput-benchmark/a", benchmark: "throughput-benchmark", params: {}, status: "ok" },
  metrics: { duration_s: 2, request_throughput_req_s: 50 },
};
const runs = [
  runOn(1, [size(1, { latency_s: { p50: 1 } })]),
  runOn(2, [size(1, { latency_s: { p50: 2, std: 0.1, count: 3 } }), throughput]),
];
const linesOf = (all: Run[]) => prometheusText(all).split("\n");

describe("Prometheus' text", () => {
  test("has the newest number of each series, and when the newest run began", () => {
    const lines = linesOf(runs);
    const p50 = lines.filter((line) => line.startsWith("pitwall_latency_s{") && line.includes('statistic="p50"'));
    expect(p50).toEqual([
      expect.stringMatching(/^pitwall_latency_s\{cell="latency-sweep\/in_512_out_128_bs_1",.*\} 2$/),
    ]);
    expect(lines.at(-2)).toBe(`pitwall_last_run_timestamp_seconds ${Date.parse("2026-11-02T06:45:01Z") / 1000}`);
  });

  test("explains each metric once, and leaves out labels that nobody told", () => {
    const lines = linesOf(runs);
    expect(lines.filter((line) => line === "# TYPE pitwall_latency_s gauge")).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith("# HELP pitwall_latency_s Batch latency: "))).toHaveLength(1);
    expect(lines.join("\n")).not.toContain("quantization=");
  });

  test("keeps quotes, backslashes and ends of lines within their label", () => {
    const model = { ...runs[0]!.model, name: 'a"b\\c\nd' };
    expect(prometheusText([{ ...runs[0]!, model }])).toContain('model="a\\"b\\\\c\\nd"');
  });

  test("of no run is empty", () => expect(prometheusText([])).toBe(""));
});

describe("the input of github-action-benchmark", () => {
  const namesOf = (better: "lower" | "higher") =>
    (JSON.parse(customBenchmark(runs, better)) as { name: string }[]).map(({ name }) => name);

  test("has the newest run's results that are better in one direction, and no count or deviation", () => {
    expect(namesOf("lower")).toContain("latency-sweep/in_512_out_128_bs_1 latency_s.p50");
    expect(namesOf("lower").join()).not.toMatch(/std|count|throughput_req/);
    expect(namesOf("higher")).toEqual(["throughput-benchmark/a request_throughput_req_s"]);
  });

  test("says which run it was, on what", () => {
    const [first] = JSON.parse(customBenchmark(runs, "higher")) as { value: number; extra: string }[];
    expect(first).toMatchObject({ value: 50, extra: "run 20261102T064501Z-00000002, h100-1, vllm 0.32.0" });
  });

  test("of no run is an empty list", () => expect(customBenchmark([], "lower")).toBe("[]\n"));
});
