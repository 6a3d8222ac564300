import { describe, expect, test } from "vitest";
import { COLUMNS } from "../../../src/formats/acs-bench/columns.ts";
import { exportAcsBench } from "../../../src/formats/acs-bench/export-csv.ts";
import { importAcsBench } from "../../../src/formats/acs-bench/import.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { concurrencyRun } from "../concurrency-run.ts";

const given = { model: "m", hostLabel: "h100", timeZone: "Z" };
const imported = (text: string) => importAcsBench({ name: "summary.csv", text }, given);
/** A line by the names of its columns. */
const linesOf = (text: string) => {
  const [header, ...lines] = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
  return lines.map((line) => Object.fromEntries(header!.map((column, index) => [column, line[index]!])));
};

describe("a summary of acs-bench", () => {
  test("has all of its columns, seconds, and −1 for what there is not", () => {
    const text = exportAcsBench([concurrencyRun]);
    expect(text.split("\n", 1)[0]).toBe(COLUMNS.join(","));
    expect(text.split("\n", 1)[0]).toMatch(/^Execution_Time,Input_Length,.*,AVG_SPEC_ACCEPT_RATE$/);
    const [first] = linesOf(text);
    expect(first).toMatchObject({
      ...{ Execution_Time: "2026-11-22 06:45:01", Concurrency: "1", "TP99_TTFT(s)": "0.025", "AVG_E2E(s)": "2.1" },
      ...{ Fail_Rate: "0", Num_Prompts: "64", "MAX_TTFT(s)": "-1", "AVG_SERVER_TTFT(ms)": "-1", Control_Method: "" },
    });
  });

  test("gives back the numbers that it has a column for, and a gap where requests failed", () => {
    const [run, ...others] = imported(exportAcsBench([concurrencyRun]));
    expect(others).toEqual([]);
    expect(run).toMatchObject({ startedAt: concurrencyRun.startedAt, client: { kind: "acs-bench" }, simulated: false });
    const [measured, failed, throughputOnly] = concurrencyRun.cells as Extract<
      Run["cells"][number],
      { metrics: object }
    >[];
    const { p50: _, ...e2el_ms } = measured!.metrics.e2el_ms!;
    const { completed: _c, failed: _f, ...kept } = measured!.metrics;
    expect(run!.cells).toEqual([
      { ...measured, metrics: { ...kept, e2el_ms } },
      { ...failed, detail: "25.0 % of the requests failed" },
      throughputOnly,
    ]);
  });

  test("with a load at two times gives a run for each", () => {
    const [header, first, ...rest] = exportAcsBench([concurrencyRun]).trimEnd().split("\n");
    const later = first!.replace("2026-11-22 06:45:01", "2026-11-23 06:45:01");
    const runs = imported([header, first, ...rest, later].join("\n"));
    expect(runs.map(({ startedAt, cells }) => [startedAt, cells.length])).toEqual([
      ["2026-11-22T06:45:01Z", 3],
      ["2026-11-23T06:45:01Z", 1],
    ]);
  });

  test("keeps chat and sampling in what tells the cell", () => {
    const chat: Run = {
      ...concurrencyRun,
      cells: [
        {
          ...concurrencyRun.cells[0]!,
          params: { ...concurrencyRun.cells[0]!.params, endpoint: "chat", temperature: 0.6, topP: 1 },
        },
      ],
    };
    const [cell] = imported(exportAcsBench([chat]))[0]!.cells;
    expect(cell!.id).toBe("serve-benchmark/in_128_out_256_concurrency_1_chat_temperature_0.6");
    expect(cell!.params).toMatchObject({ endpoint: "chat", temperature: 0.6 });
  });

  test("of numbers that no engine gave is refused, as is one with a rate that cannot be", () => {
    expect(() => imported(exportAcsBench([{ ...concurrencyRun, simulated: true }]))).toThrow(
      "summary.csv:2: its numbers are of “simulated engine”, and no engine gave them",
    );
    const [header, first] = exportAcsBench([concurrencyRun]).split("\n");
    const place = COLUMNS.indexOf("Fail_Rate");
    const bad = first!.split(",").with(place, "1.5").join(",");
    expect(() => imported(`${header}\n${bad}\n`)).toThrow("summary.csv:2: Fail_Rate is 1.5, and must be 1 or less");
    expect(() => imported("Execution_Time,QPS\n1,2\n")).toThrow("there is no column Input_Length");
  });
});
