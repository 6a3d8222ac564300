import { expect, test } from "vitest";
import { exportAcsBench } from "../../src/formats/acs-bench/export-csv.ts";
import { detectFormat } from "../../src/formats/import.ts";
import { readLoads } from "../../src/formats/load-table.ts";
import { exportPerf, exportRenamedPerf } from "../../src/formats/vllm-cibench/export-csv.ts";
import { concurrencyRun } from "./concurrency-run.ts";

const loads = (text: string) => readLoads({ name: "loads.csv", text });

test("loads come from either table, told by its columns; those with failed requests count for nothing", () => {
  const whole = { throughputRps: 12.3, latencyP95Ms: 2300, latencyP99Ms: 2400 };
  for (const text of [exportPerf([concurrencyRun]), exportAcsBench([concurrencyRun])]) {
    expect(loads(text)).toHaveLength(2);
    expect(loads(text)).toMatchObject([whole, { throughputRps: 20 }]);
  }
});

test("an import tells both, whatever the file is called", () => {
  const formats = [exportPerf, exportRenamedPerf, exportAcsBench].map((write) =>
    detectFormat({ name: "a.txt", text: write([concurrencyRun]) }),
  );
  expect(formats).toEqual(["perf.csv", "perf.csv", "acs-bench"]);
});
