import { describe, expect, test } from "vitest";
import { xpuTable } from "../../../../src/telemetry/gpu/intel/xpu-smi.ts";
import { XPU_HEADER } from "../../../support/gpu-tools.ts";

describe("rows of xpu-smi", () => {
  test("are read by the header above them, spelt as in versions 1 and 2", () => {
    for (const header of [
      XPU_HEADER,
      XPU_HEADER.replace("Celsius Degree", "Celsius"),
      XPU_HEADER.replace(/ \([^)]*\)/g, ""),
    ]) {
      const understand = xpuTable();
      expect(understand(header)).toEqual({ kind: "header" });
      expect(understand("06:14:46.000,    1, 214.61, 1600, 52.00, 30111.42")).toEqual({
        kind: "reading",
        reading: { index: 1, powerW: 214.61, clockMhz: 1600, temperatureC: 52, memoryUsedMib: 30111.42 },
      });
    }
  });

  test("leave out what needs rights that we lack", () => {
    const understand = xpuTable();
    understand(XPU_HEADER);
    expect(understand("06:14:46.000, 0, 32.94, 400, N/A, 50.00")).toEqual({
      kind: "reading",
      reading: { index: 0, powerW: 32.94, clockMhz: 400, memoryUsedMib: 50 },
    });
  });

  test("are not understood without a header, or when they are an error", () => {
    expect(xpuTable()("06:14:46.000, 0, 32.94, 400, N/A, 50.00")).toEqual({ kind: "unknown" });
    const header = `DeviceId${", x".repeat(200)}`;
    expect(xpuTable()(header)).toEqual({ kind: "unknown" });
    expect(xpuTable()("Error: XPUM Service Status Error")).toEqual({ kind: "unknown" });
  });
});
