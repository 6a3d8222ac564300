import { describe, expect, test } from "vitest";
import { gpuLine, gpuRows } from "../../../src/report/text/host-text.ts";
import { sampleRun } from "../../support/run-document.ts";

const H100 = { name: "NVIDIA H100 80GB HBM3", memoryMib: 81_559, powerLimitW: 700, maxClockMhz: 1980, mig: false };

describe("the GPUs of a machine", () => {
  test("that are alike have each fact once, and different ones every value", () => {
    expect(gpuRows({ gpus: [H100, H100] })).toEqual([
      ["GPU memory", "79.6 GiB"],
      ["Power limit", "700 W"],
      ["Highest clock", "1,980 MHz"],
      ["MIG", "off"],
    ]);
    const capped = { ...H100, powerLimitW: 350, mig: true, applicationClockMhz: 1200 };
    expect(gpuRows({ gpus: [H100, capped] })).toEqual([
      ["GPU memory", "79.6 GiB"],
      ["Power limit", "700 W, 350 W"],
      ["Highest clock", "1,980 MHz"],
      ["Set clock", "1,200 MHz"],
      ["MIG", "off, on"],
    ]);
  });

  test("that no tool told of have none", () => {
    expect(gpuRows({})).toEqual([]);
    expect(gpuRows({ gpus: [{ name: "x" }] })).toEqual([]);
    expect(gpuLine(sampleRun.host)).toBeUndefined();
  });

  test("are one line with the software below them", () => {
    const host = { ...sampleRun.host, gpuCount: 8, driver: "570.1", cuda: "12.8" };
    expect(gpuLine({ ...host, gpus: [{ name: "x", memoryMib: 2048, mig: true }] })).toBe(
      "8 × NVIDIA H100 80GB HBM3: GPU memory 2.0 GiB, MIG on, driver 570.1, CUDA 12.8",
    );
    expect(gpuLine({ ...sampleRun.host, gpus: [{ name: "x", powerLimitW: 700 }] })).toBe(
      "1 × NVIDIA H100 80GB HBM3: power limit 700 W",
    );
    expect(gpuLine({ ...sampleRun.host, gpuCount: null, gpus: [] })).toBe("? × NVIDIA H100 80GB HBM3");
  });
});
