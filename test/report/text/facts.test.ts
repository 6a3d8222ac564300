import { describe, expect, test } from "vitest";
import { countsText } from "../../../src/report/text/cell-counts.ts";
import { detailLines, subjectLine, timeLine } from "../../../src/report/text/facts.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { failedRun, okLatencyCell, sampleRun } from "../../support/run-document.ts";

const on = (host: Partial<Run["host"]>, changes: Partial<Run> = {}): Run => ({
  ...{ ...sampleRun, ...changes },
  host: { ...sampleRun.host, ...host },
});
const machineOf = (run: Run) => subjectLine(run).split(" · ")[2];

describe("the subject of a run", () => {
  test("is its model, engine, GPUs and machine", () => {
    const text = "meta-llama/Llama-3.1-8B-Instruct · vllm 0.32.0 · 1 × NVIDIA H100 80GB HBM3 · h100-1";
    expect(subjectLine(sampleRun)).toBe(text);
    expect(subjectLine({ ...sampleRun, simulated: true })).toBe(`${text} · SIMULATED`);
    const unknown = { ...sampleRun, engine: { ...sampleRun.engine, version: null } };
    expect(subjectLine(unknown)).toContain(" · vllm (version unknown) · ");
  });

  test("has the processor where there is no GPU, else the machine's label, and says when nobody knows", () => {
    expect(machineOf(on({ gpu: null, gpuCount: 0, cpu: "EPYC 9654" }))).toBe("EPYC 9654");
    expect(machineOf(on({ gpu: null, gpuCount: 0, cpu: null }))).toBe("h100-1");
    expect(machineOf(on({ gpu: null, gpuCount: null, cpu: "EPYC 9654" }))).toBe("unknown GPU");
  });
});

test("details are the GPUs that a tool told of, and the start's phases that its log told", () => {
  expect(detailLines(sampleRun)).toEqual([]);
  const startPhases = { weightsSeconds: 0.96, compileSeconds: 9.91 };
  const told = on({ gpus: [] }, { engine: { ...sampleRun.engine, startPhases } });
  expect(detailLines(told)).toEqual([
    "GPU: 1 × NVIDIA H100 80GB HBM3",
    "Engine ready after 35.2 s, as its log tells: loading weights 1.0 s, compiling 9.9 s",
  ]);
  const never = { ...told, engine: { ...told.engine, secondsToReady: null } };
  expect(detailLines(never)[1]).toMatch(/^Engine start, as its log tells: /);
});

test("time is told by its parts, and the overhead as a share of all of it", () => {
  const seconds = { engineStartSeconds: 35.2, warmupSeconds: 100, measuredSeconds: 837, overheadSeconds: 27.8 };
  expect(timeLine(seconds)).toBe(
    "1000.0 s: engine start 35.2 s + warm-up 100.0 s + measuring 837.0 s + overhead 27.8 s (2.8 %)",
  );
  const none = { engineStartSeconds: 0, warmupSeconds: 0, measuredSeconds: 0, overheadSeconds: 0 };
  expect(timeLine(none)).toMatch(/^0\.0 s: .*\(0\.0 %\)$/);
});

test("cells are counted by how they ended, skipped ones where there are some", () => {
  expect(countsText(failedRun)).toBe("1 ok · 1 failed");
  const { id, benchmark, params } = okLatencyCell;
  const skipped = {
    id,
    benchmark,
    params,
    status: "skipped" as const,
    reason: "cancelled" as const,
    detail: "stopped",
  };
  expect(countsText({ ...failedRun, cells: [...failedRun.cells, skipped] })).toBe("1 ok · 1 failed · 1 skipped");
});
