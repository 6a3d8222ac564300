import { expect, test } from "vitest";
import { readPerfTable } from "../../../src/formats/vllm-cibench/perf-table.ts";

const read = (text: string) => readPerfTable({ name: "perf.csv", text });

test("a line is a load, without what is −1 or left blank", () => {
  const header = "concurrency,input_len,output_len,latency_p50_ms,throughput_rps,latency_p95_ms,latency_p99_ms";
  expect(read(`${header}\n4,128,256,50.5,12.3,-1,\n`)).toEqual([
    {
      place: "perf.csv:2",
      ...{ concurrency: 4, inputLen: 128, outputLen: 256 },
      ...{ latencyP50Ms: 50.5, throughputRps: 12.3, latencyP95Ms: undefined, latencyP99Ms: undefined },
    },
  ]);
});

test("its columns may have the names that Prometheus likes", () => {
  const header = "concurrency,input_len,output_len,latency_p50_milliseconds,throughput_requests_per_second";
  expect(read(`${header}\n1,2,3,4,5\n`)).toMatchObject([{ latencyP50Ms: 4, throughputRps: 5 }]);
});

test("a column that is missing or unknown, and a load of nothing, are refused", () => {
  expect(() => read("concurrency,input_len\n1,2\n")).toThrow("there is no column output_len, latency_p50_ms");
  const header = "concurrency,input_len,output_len,latency_p50_ms,throughput_rps";
  expect(() => read(`${header},speed\n1,2,3,4,5,6\n`)).toThrow("nobody knows what the column speed holds");
  expect(() => read(`${header}\n0,2,3,4,5\n`)).toThrow("perf.csv:2: concurrency is “0”");
});
