import { describe, expect, test } from "vitest";
import { exportPerf, exportRenamedPerf, exportRenamedPerfJson } from "../../../src/formats/vllm-cibench/export-csv.ts";
import { importPerf } from "../../../src/formats/vllm-cibench/import.ts";
import { concurrencyRun } from "../concurrency-run.ts";

const HEADER = "concurrency,input_len,output_len,latency_p50_ms,throughput_rps,latency_p95_ms,latency_p99_ms";
const given = { model: "m", hostLabel: "h100", timestamp: "2026-11-22T06:00:00Z" };
const imported = (text: string) => importPerf({ name: "perf.csv", text }, given);

describe("vllm_cibench's table of loads", () => {
  test("has a line for each load that has numbers, −1 where one is missing", () => {
    expect(exportPerf([concurrencyRun])).toBe(`${HEADER}\n1,128,256,2050,12.3,2300,2400\n4,128,256,-1,20,-1,-1\n`);
  });

  test("has the names that Prometheus likes where they are asked for, as CSV and as JSON", () => {
    const first = exportRenamedPerf([concurrencyRun]).split("\n", 1)[0];
    expect(first).toBe(
      "concurrency,input_len,output_len,latency_p50_milliseconds,throughput_requests_per_second,latency_p95_milliseconds,latency_p99_milliseconds",
    );
    expect(Object.keys(JSON.parse(exportRenamedPerfJson([concurrencyRun]))[0]).join()).toBe(first);
  });

  test("gives back its numbers, by either names, and nothing where it has −1", () => {
    for (const text of [exportPerf([concurrencyRun]), exportRenamedPerf([concurrencyRun])]) {
      const [run] = imported(text);
      expect(run!.cells.map((cell) => cell.status === "ok" && cell.metrics)).toEqual([
        { e2el_ms: { p50: 2050, p95: 2300, p99: 2400 }, request_throughput_req_s: 12.3 },
        { request_throughput_req_s: 20 },
      ]);
      expect(run!.source).toMatchObject({ format: "perf.csv", file: "perf.csv" });
    }
  });

  test("needs a moment, and a number in each line", () => {
    const { timestamp: _, ...timeless } = given;
    const file = { name: "perf.csv", text: `${HEADER}\n1,2,3,-1,,-1,\n` };
    expect(() => importPerf(file, timeless)).toThrow("give it with --timestamp");
    expect(() => importPerf(file, given)).toThrow("perf.csv:2: there are no numbers for");
  });

  test("is not made of simulated numbers, of none, or of cells that it cannot tell apart", () => {
    expect(() => exportPerf([{ ...concurrencyRun, simulated: true }])).toThrow(
      "are simulated, which this format cannot say",
    );
    expect(() => exportPerf([{ ...concurrencyRun, cells: [] }])).toThrow("no run has a serving cell with numbers");
    const [first] = concurrencyRun.cells;
    const twin = { ...first!, id: `${first!.id}_chat` };
    expect(() => exportPerf([{ ...concurrencyRun, cells: [first!, twin] }])).toThrow("two cells for 128:256 at 1");
  });
});
