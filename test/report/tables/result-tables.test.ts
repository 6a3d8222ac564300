import { expect, test } from "vitest";
import { runSummary } from "../../../src/report/markdown.ts";
import { resultTables } from "../../../src/report/tables/result-tables.ts";
import { cellsText } from "../../../src/report/terminal.ts";
import type { RunCell } from "../../../src/result/document/run.ts";
import type { Search } from "../../../src/result/document/search.ts";
import { sampleRun } from "../../support/run-document.ts";
import { pair } from "../histories.ts";

type OkCell = Extract<RunCell, { status: "ok" }>;
const cell = (changes: Partial<OkCell>, params: RunCell["params"] = { requestRate: 12.5 }): RunCell => ({
  ...(pair(300, params, { completed: 900, ttft_ms: { count: 900, p50: 36.92, p99: 60 } }) as OkCell),
  ...changes,
});
const titled = (cells: RunCell[], title: string) =>
  resultTables({ cells }).find((table) => table.title.includes(title));

test("repeats show the median of each headline, its interval and its deviation", () => {
  const repeats = {
    count: 3,
    metrics: {
      ttft_ms: [36, 37, 38],
      total_token_throughput_tok_s: [4900, 4910],
      e2el_ms: [1, 2, 3],
    },
  };
  expect(titled([cell({ repeats })], "Over repeats")).toMatchObject({
    columns: ["Cell", "Metric", "Median", "95 % interval", "MAD", "Repeats"],
    rows: [
      ["300 → 100 · 12.5 req/s", "Total token throughput (tok/s)", "4,905.00", "–", "5.00", "3"],
      ["300 → 100 · 12.5 req/s", "Time to first token (ms)", "37.00", "36.00 to 38.00", "1.00", "3"],
    ],
  });
  expect(titled([cell({})], "Over repeats")).toBeUndefined();
});

const search: Search = {
  find: "max-rate",
  objectives: ["ttft_ms.p99<500", "failed<=0"],
  tolerance: 0.05,
  probes: [
    { level: 8, meets: true, values: { "ttft_ms.p99": 120, failed: 0 } },
    { level: 16, meets: false, values: {}, detail: "3 of 160 requests failed" },
  ],
};
const found = cell({ search, metrics: { completed: 900, found_rate_req_s: 8 } }, { find: "max-rate" });

test("a search shows its objectives and every probe, with values or why there are none", () => {
  expect(titled([found], "up to 8 req/s meets ttft_ms.p99<500 and failed<=0")).toMatchObject({
    columns: ["Rate (req/s)", "Objectives", "ttft_ms.p99", "failed"],
    rows: [
      ["8", "met", "120.00", "0"],
      ["16", "missed: 3 of 160 requests failed", "–", "–"],
    ],
  });
});

test("a search that found nothing shows what it tried all the same", () => {
  const failed: RunCell = {
    ...pair(300, { find: "max-concurrency" }, {}),
    status: "failed",
    reason: "objectives_missed",
    detail: "none of 1 levels tried met every objective",
    search: {
      ...search,
      find: "max-concurrency",
      probes: [{ level: 1, meets: false, values: { "ttft_ms.p99": 700 } }],
    },
  };
  expect(titled([failed], "no level meets ttft_ms.p99<500")).toMatchObject({
    columns: ["At once", "Objectives", "ttft_ms.p99"],
    rows: [["1", "missed", "700.00"]],
  });
});

test("a search whose engine died has ended early, and one for users at once says how many", () => {
  const died: RunCell = {
    ...pair(300, { find: "max-rate" }, {}),
    ...{ status: "failed", reason: "engine_crashed", detail: "it died", search },
  };
  expect(titled([died], "the search for ttft_ms.p99<500 and failed<=0 ended early")?.rows).toHaveLength(2);
  const users = cell({ search: { ...search, find: "max-concurrency" }, metrics: { found_concurrency: 32 } });
  expect(titled([users], "up to 32 at once meets ttft_ms.p99<500")?.columns[0]).toBe("At once");
});

test("among the others it goes by what was searched, which is the same in every run", () => {
  expect(titled([found], "Serving")!.rows[0]!.slice(0, 3)).toEqual(["300:100", "highest rate", "900"]);
});

test("warnings and the reason of a client-limited cell stand beside the numbers", () => {
  const telemetry = { warnings: ["another process used the GPU"] };
  const limited: RunCell = {
    ...pair(500, { requestRate: 99 }, {}),
    status: "failed",
    reason: "client_limited",
    detail: "its event loop was 93 % busy, above 85 %",
    completed: 900,
    failed: 0,
  };
  const cells = [cell({ telemetry }), limited];
  const terminal = cellsText(cells);
  expect(terminal).toContain("⚠ serve-benchmark/in_300_out_100_requestRate_12.5: another process used the GPU");
  expect(terminal).toContain("client_limited: its event loop was 93 % busy");
  const markdown = runSummary({ ...sampleRun, cells }).source;
  expect(markdown).toContain("### Doubtful\n\n- `serve-benchmark/in_300_out_100_requestRate_12.5` another process");
  expect(markdown).toContain("| 500:100 | 99 req/s | failed: client_limited | – |");
  expect(markdown).toContain(
    "**client_limited**. The client, not the engine, set the numbers. its event loop was 93 %",
  );
});

test("a load without a level, as a trace is, goes by its id", () => {
  const trace = { ...cell({}, {}), id: "serve-benchmark/trace_azure" };
  expect(titled([trace], "Serving")!.rows[0]![1]).toBe("trace_azure");
});

test("a throughput cell is told by its prompts and their number, a start by its cache", () => {
  const throughput: RunCell = {
    ...{ id: "throughput-benchmark/in_512_out_128_requests_100", benchmark: "throughput-benchmark", status: "ok" },
    params: { inputLen: 512, outputLen: 128, numPrompts: 100 },
    metrics: { duration_s: 8, completed: 100, request_throughput_req_s: 12.5, total_token_throughput_tok_s: 8000 },
  };
  const start: RunCell = {
    ...{ id: "startup-benchmark/cold", benchmark: "startup-benchmark", status: "ok", params: { iterations: 30 } },
    metrics: { startup_s: { count: 30, p50: 41, mean: 42 }, compile_s: { count: 30, p50: 20 } },
  };
  expect(titled([throughput], "Throughput")?.rows).toEqual([["512:128", "100", "8.0000", "12.50", "–", "8,000.00"]]);
  expect(titled([start], "Engine start")?.rows).toEqual([["cold", "41.00", "42.00", "–", "–", "20.00", "–", "–"]]);
});

test("throughput without a time has a dash for it", () => {
  const untimed: RunCell = {
    ...cell({ metrics: { request_throughput_req_s: 50 } }, { inputLen: 64, outputLen: 36, numPrompts: 100 }),
    benchmark: "throughput-benchmark",
  };
  expect(titled([untimed], "all requests at once")!.rows).toEqual([["64:36", "100", "–", "50.00", "–", "–"]]);
});

test("throughput shows the seconds of one batch, however often it was measured", () => {
  const metrics = { duration_s: 6, request_throughput_req_s: 50, total_token_throughput_tok_s: 5000 };
  const measured: RunCell = {
    ...cell({ metrics, repeats: { count: 3, metrics: {} } }, { inputLen: 64, outputLen: 36, numPrompts: 100, n: 2 }),
    benchmark: "throughput-benchmark",
  };
  expect(titled([measured], "all requests at once")).toMatchObject({
    columns: ["In:out", "Requests", "Seconds", "Requests/s", "Output (tok/s)", "Total (tok/s)"],
    rows: [["64:36", "100 · n 2", "2.0000", "50.00", "–", "5,000.00"]],
  });
});
