import { describe, expect, test } from "vitest";
import { importFile } from "../../../src/formats/import.ts";
import { cellOf, fixture, importing, served } from "./importing.ts";

describe("a result that cannot be is refused, with the field and its value:", () => {
  test.each<[string, object, string]>([
    ["a time below 0", { mean_tpot_ms: -3 }, "r.json: mean_tpot_ms is -3, and nothing takes less than 0"],
    ["a spread below 0", { std_itl_ms: -1 }, "std_itl_ms is -1"],
    [
      "a median above the 99th percentile",
      { median_ttft_ms: 880 },
      "median_ttft_ms is 880, but p99_ttft_ms is 120: no percentile is above a higher one",
    ],
    ["a mean below all that was measured", { p10_ttft_ms: 60, mean_ttft_ms: 5 }, "mean_ttft_ms is 5, which cannot be"],
    ["a mean above the longest", { p100_ttft_ms: 130, mean_ttft_ms: 140 }, "mean_ttft_ms is 140, which cannot be"],
    ["a mean below the shortest", { p0_ttft_ms: 60, mean_ttft_ms: 50 }, "mean_ttft_ms is 50, which cannot be"],
    ["a rate below 0", { output_throughput: -1 }, "output_throughput is -1"],
    ["no duration", { duration: 0 }, "duration: a time must be above 0, and this is 0"],
  ])("%s", (_, changes, message) => expect(() => importing("r.json", served(changes))).toThrow(message));

  test.each(["NaN", "Infinity", "-Infinity"])("%s", (value) => {
    const text = JSON.stringify(served({})).replace(/"mean_ttft_ms":[^,]+/, `"mean_ttft_ms": ${value}`);
    expect(() => importing("r.json", text)).toThrow(`r.json: mean_ttft_ms is ${value}, which is no measurement`);
  });

  test("a TPOT that a server answered out of order", () => {
    expect(() => importing("negtpot.json", fixture("imports/negtpot.json"))).toThrow("mean_tpot_ms is -3");
  });
});

test.each(['"x"', "7", "null", "[7]"])("a file that holds %s is no result", (text) => {
  const file = { name: "r.json", text };
  expect(() => importFile(file, "vllm", { model: "tiny", hostLabel: "h100" })).toThrow("r.json");
});

test("an infinite request rate is all at once, as Python writes it too", () => {
  const text = JSON.stringify(served({})).replace('"request_rate":4', '"request_rate": Infinity');
  expect(cellOf(importing("r.json", text)).id).toBe("serve-benchmark/rate_inf");
});

test.each([{ mean_tpot_ms: 0, median_tpot_ms: 0, std_tpot_ms: 0, p99_tpot_ms: 0 }, { median_tpot_ms: 0 }])(
  "a TPOT of 0 is no measurement: %j",
  (changes) => expect(cellOf(importing("r.json", served(changes)))).not.toHaveProperty("metrics.tpot_ms"),
);

describe("the same of other files:", () => {
  test("a latency whose average is none", () => {
    const file = { ...JSON.parse(fixture("vllm-0.32.0/latency_bs1.json")), avg_latency: 100 };
    const given = { inputLen: 8, outputLen: 8, timestamp: "2026-08-01T12:00:00Z" };
    expect(() => importing("latency_bs1.json", file, given)).toThrow(
      /avg_latency is 100, which cannot be where the longest of latencies is/,
    );
  });

  test("a history of bare numbers", () => {
    const results = [{ batch_size: 1, avg_latency: 1, p50: 1, p90: 2, p99: 1.5 }];
    const given = { inputLen: 8, outputLen: 8 };
    const point = { timestamp: "2026-08-01T12:00:00Z", results };
    expect(() => importing("data.json", [point], given)).toThrow("latency_s.p90 is 2, but latency_s.p99 is 1.5");
  });
});
