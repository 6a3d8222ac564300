import { describe, expect, test } from "vitest";
import { cellsOfNumbers, parseSeriesName } from "../../../src/formats/data-js/series-name.ts";

describe("the name of a series", () => {
  test.each([
    ["serve-benchmark/a ttft_ms.p99", { metric: "ttft_ms", statistic: "p99" }],
    ["serve-benchmark/a ttft_ms.p99.9", { metric: "ttft_ms", statistic: "p99.9" }],
    ["serve-benchmark/a request_throughput_req_s", { metric: "request_throughput_req_s", statistic: "value" }],
    ["serve-benchmark/a mean_ttft_ms", { metric: "ttft_ms", statistic: "mean" }],
    ["serve-benchmark/a request_throughput", { metric: "request_throughput_req_s", statistic: "value" }],
  ])("%s is read", (name, parts) => {
    expect(parseSeriesName(name, "x")).toEqual({ cell: "serve-benchmark/a", ...parts });
  });

  test.each(["ttft_ms.p99", "serve-benchmark/a nothing.p99", "serve-benchmark/a toString", "a ttft_ms.p99"])(
    "%s is none",
    (name) => expect(() => parseSeriesName(name, "x")).toThrow(`x: “${name}” is not the name of a series`),
  );
});

describe("numbers of one cell", () => {
  const number = (statistic: string, value: number, metric: "ttft_ms" | "completed" = "ttft_ms") => ({
    ...{ cell: "serve-benchmark/in_300_out_100_rate_2", metric, statistic, value },
  });

  test("stand together, under what its name says of it", () => {
    expect(cellsOfNumbers([number("p50", 2), number("value", 9, "completed"), number("p99", 3)], "x")).toEqual([
      {
        ...{ id: "serve-benchmark/in_300_out_100_rate_2", benchmark: "serve-benchmark", status: "ok" },
        params: { inputLen: 300, outputLen: 100, requestRate: 2 },
        metrics: { ttft_ms: { p50: 2, p99: 3 }, completed: 9 },
      },
    ]);
  });

  test("that say two values, or a statistic that the metric has not, are refused", () => {
    expect(() => cellsOfNumbers([number("p50", 2), number("p50", 2)], "x")).toThrow("two values for ttft_ms p50");
    expect(() => cellsOfNumbers([number("value", 2)], "x")).toThrow("x: ttft_ms has no “value”");
    expect(() => cellsOfNumbers([number("p50", 2, "completed")], "x")).toThrow("x: completed has no “p50”");
  });

  test.each<[string, object]>([
    ["rate_inf_constant", { requestRate: "inf", burstiness: "inf" }],
    ["ramp_2_50_chat", { rampFrom: 2, rampTo: 50, endpoint: "chat" }],
    ["ramp_2_fast", {}],
    ["chat_bs_4", { batchSize: 4 }],
    ["in_1_024", {}],
    ["in_1024_024", { inputLen: 1024 }],
    ["in_10_24", { inputLen: 10 }],
    ["toString_4", {}],
  ])("called %s have these parameters: %j", (name, params) => {
    const [cell] = cellsOfNumbers([{ ...number("p50", 2), cell: `serve-benchmark/${name}` }], "x");
    expect(cell!.params).toEqual(params);
  });
});
