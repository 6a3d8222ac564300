import { describe, expect, test } from "vitest";
import { amdReadings } from "../../src/telemetry/gpu/amd.ts";
import { nvidiaLine } from "../../src/telemetry/gpu/nvidia.ts";
import { rocmReadings } from "../../src/telemetry/gpu/rocm.ts";
import { throttlingReasons } from "../../src/telemetry/gpu/throttling.ts";
import { xpuTable } from "../../src/telemetry/gpu/xpu.ts";
import { amdGpu, rocmCard, XPU_HEADER } from "../support/gpu-tools.ts";

describe("a line of nvidia-smi", () => {
  const fields = ["index", "uuid", "power.draw", "clocks.sm", "temperature.gpu", "memory.used"];
  const line = (text: string) => nvidiaLine([...fields, "mig.mode.current", "clocks_event_reasons.active"], text);

  test("is a reading of one GPU", () => {
    expect(line("1, GPU-8932f937, 312.45, 1755, 61, 70123, Disabled, 0x0000000000000004")).toEqual({
      kind: "reading",
      reading: {
        index: 1,
        uuid: "GPU-8932f937",
        powerW: 312.45,
        clockMhz: 1755,
        temperatureC: 61,
        memoryUsedMib: 70123,
        throttling: ["software power cap"],
      },
    });
  });

  test("leaves out what the GPU does not tell", () => {
    const text = "0, GPU-1, [N/A], [Not Supported], [Unknown Error], [Insufficient Permissions], [N/A], [N/A]";
    expect(line(text)).toEqual({ kind: "reading", reading: { index: 0, uuid: "GPU-1" } });
  });

  test("tells that the GPU is split", () => {
    expect(line("0, GPU-1, 80.1, 1410, 40, 500, Enabled, 0x1")).toMatchObject({
      reading: { split: true, throttling: [] },
    });
  });

  test("has the older name of the reasons", () => {
    const told = nvidiaLine(["index", "clocks_throttle_reasons.active"], "0, 0x0000000000000048");
    expect(told).toMatchObject({ reading: { throttling: ["hardware slowdown", "hardware thermal slowdown"] } });
  });

  test.each([
    "",
    "No devices were found",
    "Unable to determine the device handle for GPU0000:01:00.0: Unknown Error",
    "a, b, c, d, e, f, g, h",
  ])("is not understood when it says: %s", (text) => {
    expect(line(text)).toEqual({ kind: "unknown" });
  });
});

describe("reasons for lowered clocks", () => {
  test("do not count idling", () => {
    expect(throttlingReasons("0x0000000000000000")).toEqual([]);
    expect(throttlingReasons("0x0000000000000001")).toEqual([]);
    expect(throttlingReasons("0x0000000000000005")).toEqual(["software power cap"]);
  });

  test("keep one that pitwall does not know, by its number", () => {
    expect(throttlingReasons("0x8000000000000220")).toEqual([
      "software thermal slowdown",
      "reason 0x200",
      "reason 0x8000000000000000",
    ]);
  });

  test("are absent when there is no mask", () => {
    for (const text of [undefined, "", "[N/A]", "Active", "0x", "4"]) expect(throttlingReasons(text)).toBeUndefined();
  });
});

describe("an answer of rocm-smi", () => {
  test("holds a reading of every card", () => {
    const answer = { card0: rocmCard("140.5"), card1: rocmCard("N/A"), system: { "Driver version": "6.10.5" } };
    const rest = { clockMhz: 132, temperatureC: 43, memoryUsedMib: 1000 };
    expect(rocmReadings(JSON.stringify(answer))).toEqual([
      { index: 0, powerW: 140.5, ...rest },
      { index: 1, ...rest },
    ]);
  });

  test("of older cards has a mean power and no junction", () => {
    const card = { "Temperature (Sensor edge) (C)": 40, "Average Graphics Package Power (W)": 15 };
    const answer = `WARNING: AMD GPU device(s) is/are in a low-power state\n\n${JSON.stringify({ card2: card })}`;
    expect(rocmReadings(answer)).toEqual([{ index: 2, powerW: 15, temperatureC: 40 }]);
  });

  test.each([
    "",
    "ERROR:root:Driver not initialized (amdgpu not found in modules)",
    "{",
    "[]",
    "null",
    '{"system":{}}',
    '{"card0":3',
  ])("is not understood when it is: %s", (text) => {
    expect(rocmReadings(text)).toBeUndefined();
  });
});

describe("an answer of amd-smi", () => {
  test.each([
    ["since ROCm 7", (gpus: object[]) => ({ gpu_data: gpus })],
    ["before", (gpus: object[]) => gpus],
  ])("%s holds a reading of every GPU", (_, shape) => {
    const rest = { clockMhz: 132, temperatureC: 37, memoryUsedMib: 283 };
    expect(amdReadings(`a warning\n${JSON.stringify(shape([amdGpu(0, 140), amdGpu(1, "N/A")]), null, 4)}`)).toEqual([
      { index: 0, powerW: 140, ...rest },
      { index: 1, ...rest },
    ]);
  });

  test.each(["", "ERROR: no GPU", "{", "[]", "null", '{"gpu_data":"N/A"}', '[{"power":1}]'])(
    "is not understood when it is: %s",
    (text) => expect(amdReadings(text)).toBeUndefined(),
  );
});

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
