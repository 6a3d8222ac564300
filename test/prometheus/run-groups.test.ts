import { describe, expect, test } from "vitest";
import { expositionText } from "../../src/prometheus/exposition.ts";
import { type RunGroupOptions, runGroups } from "../../src/prometheus/run-groups.ts";
import type { Run, RunCell } from "../../src/result/document/run.ts";
import { crashedServingCell, okLatencyCell, sampleRun } from "../support/run-document.ts";

const serving = (rate: number, metrics: Extract<RunCell, { status: "ok" }>["metrics"]): RunCell => ({
  id: `serve-benchmark/in_300_out_100_rate_${rate}`,
  benchmark: "serve-benchmark",
  params: { inputLen: 300, outputLen: 100, requestRate: rate },
  status: "ok",
  metrics,
});
const run: Run = {
  ...sampleRun,
  model: { ...sampleRun.model, quantization: "w8a8" },
  cells: [
    okLatencyCell,
    serving(2, { request_throughput_req_s: 2, e2el_ms: { count: 9, p50: 100, p99: 300 }, ttft_ms: { p50: 20.5 } }),
    serving(4, { request_throughput_req_s: 4, e2el_ms: { p50: 200, p95: 250 } }),
    { ...crashedServingCell, id: "serve-benchmark/in_300_out_100_rate_8" },
  ],
};
const groupsOf = (runs: Run[], options: Partial<RunGroupOptions> = {}) =>
  runGroups(runs, { prefix: "pitwall", labels: {}, perCase: false, ...options });
const textOf = (runs: Run[], stage: string, options: Partial<RunGroupOptions> = {}) =>
  expositionText(groupsOf(runs, options).find((group) => group.labels.stage === stage)!.families);
const numbersOf = (...asked: Parameters<typeof textOf>) =>
  textOf(...asked)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !line.startsWith("pitwall_run_timestamp"));

describe("groups of a run document", () => {
  test("are one a benchmark and one of means, told apart by model, quantisation, machine and stage", () => {
    const identity = { model: "meta-llama/Llama-3.1-8B-Instruct", quant: "w8a8", host: "h100-1" };
    expect(groupsOf([run]).map(({ labels }) => labels)).toEqual([
      { ...identity, stage: "latency-sweep" },
      { ...identity, stage: "serve-benchmark" },
      { ...identity, stage: "performance" },
    ]);
  });

  test("have a person's labels in place of the document's", () => {
    const [first] = groupsOf([run], { labels: { model: "llama", scenario: "nightly" } });
    expect(first!.labels).toEqual({
      model: "llama",
      quant: "w8a8",
      host: "h100-1",
      scenario: "nightly",
      stage: "latency-sweep",
    });
  });

  test("have times in seconds, percentiles by their quantile, and what tells the cell", () => {
    const text = textOf([run], "serve-benchmark");
    const labels = 'cell="serve-benchmark/in_300_out_100_rate_2",engine="vllm",gpu="1 × NVIDIA H100 80GB HBM3"';
    expect(text).toContain(
      `pitwall_ttft_seconds{${labels},client="pitwall",tensor_parallel="1",quantile="0.5"} 0.0205\n`,
    );
    expect(text).toContain(`pitwall_run_timestamp_seconds ${Date.parse(run.startedAt) / 1000}\n`);
  });

  test("have no number of a failed cell, and none that is absent", () => {
    const text = textOf([run], "serve-benchmark");
    expect(text).not.toMatch(/rate_8|NaN|undefined| 0\n| -1\n/);
  });

  test("have the means of vllm_cibench over the loads that have each number", () => {
    const numbers = textOf([run], "performance")
      .split("\n")
      .filter((line) => line.startsWith("ci_"));
    expect(numbers).toEqual([
      "ci_perf_throughput_rps_avg 3",
      "ci_perf_latency_p50_ms_avg 150",
      "ci_perf_latency_p95_ms_avg 250",
      "ci_perf_latency_p99_ms_avg 300",
    ]);
  });

  test("of a benchmark whose cells all failed have no numbers, so that a push takes the old ones away", () => {
    const groups = groupsOf([{ ...run, cells: [crashedServingCell] }]);
    expect(groups.map(({ labels, families }) => [labels.stage, families])).toEqual([
      ["serve-benchmark", []],
      ["performance", []],
    ]);
  });

  test("of several runs have the newest number of each cell, and none of a cell that failed last", () => {
    const later = {
      ...run,
      startedAt: "2026-11-23T06:45:01Z",
      cells: [serving(2, { request_throughput_req_s: 2.5 }), { ...crashedServingCell, id: run.cells[2]!.id }],
    };
    const numbers = textOf([later, run], "serve-benchmark")
      .split("\n")
      .filter((line) => line.includes("_throughput_"));
    expect(numbers.filter((line) => !line.startsWith("#"))).toEqual([expect.stringMatching(/rate_2".* 2\.5$/)]);
  });

  test("say of simulated numbers that they are", () => {
    expect(textOf([{ ...run, simulated: true }], "latency-sweep")).toContain('simulated="true"');
  });
});

const checked = (id: string, metrics: Extract<RunCell, { status: "ok" }>["metrics"]): RunCell => ({
  id,
  benchmark: id.startsWith("check-functional") ? "check-functional" : "check-accuracy",
  params: {},
  status: "ok",
  metrics,
});

describe("groups of checks", () => {
  const counts = { conforms: 3, deviates: 1, unsupported: 1, not_tested: 2, conforming_fraction: 0.75 };
  const outcomes = { "chat.hello": "conforms", "chat.stream": "deviates", "completions.echo": "unsupported" };
  const suite = { ...checked("check-functional/openai", counts), outcomes } as RunCell;

  test("of a suite have totals, and a rate of what was tested", () => {
    expect(numbersOf([{ ...run, cells: [suite] }], "functional")).toEqual([
      "ci_functional_total 7",
      "ci_functional_passed 3",
      "ci_functional_failed 1",
      "ci_functional_pass_rate 0.75",
    ]);
  });

  test("have no rate where nothing was tested", () => {
    const none = checked("check-functional/openai", { conforms: 0, deviates: 0, unsupported: 4, not_tested: 0 });
    expect(numbersOf([{ ...run, cells: [none] }], "functional").join()).not.toContain("rate");
  });

  test("have each case that was tested where that is asked for, as the document or a fuller report tells", () => {
    const cases = (options: Partial<RunGroupOptions>) =>
      numbersOf([{ ...run, cells: [suite] }], "functional", { perCase: true, ...options }).filter((line) =>
        line.startsWith("ci_functional_case_ok"),
      );
    expect(cases({})).toEqual([
      'ci_functional_case_ok{case="chat.hello",kind="chat"} 1',
      'ci_functional_case_ok{case="chat.stream",kind="chat"} 0',
    ]);
    const flaky = { ...suite, outcomes: { "chat.seed": "flaky", "models.list": "not_tested" } } as RunCell;
    const found = numbersOf([{ ...run, cells: [flaky] }], "functional", { perCase: true });
    expect(found.at(-1)).toBe('ci_functional_case_ok{case="chat.seed",kind="chat"} 1');
    const reported = [{ case: "a", kind: "completions", ok: true }];
    expect(cases({ reports: { cases: reported } })).toEqual(['ci_functional_case_ok{case="a",kind="completions"} 1']);
  });

  test("of accuracy are one a task, with what is known, and without numbers where it failed", () => {
    const failed: RunCell = {
      ...{ id: "check-accuracy/mmlu", benchmark: "check-accuracy", params: {} },
      ...{ status: "failed", reason: "client_failed", detail: "no answers" },
    };
    const runs = [{ ...run, cells: [checked("check-accuracy/gpqa", { score: 0.5, samples: 4 }), failed] }];
    const groups = groupsOf(runs).filter(({ labels }) => labels.stage === "accuracy");
    expect(groups.map(({ labels }) => labels.task)).toEqual(["gpqa", "mmlu"]);
    expect(numbersOf(runs, "accuracy")).toEqual(["ci_accuracy_score 0.5", "ci_accuracy_total 4"]);
    expect(expositionText(groups[1]!.families)).not.toContain("ci_accuracy");
    const known = { task: "gpqa", score: 0.5, correct: 2, total: 4, ok: false };
    const accuracy = new Map([["check-accuracy/gpqa", known]]);
    expect(numbersOf(runs, "accuracy", { reports: { accuracy } }).at(-1)).toBe("ci_accuracy_ok 0");
  });
});
