import { describe, expect, test } from "vitest";
import { nvidiaLine } from "../../../../src/telemetry/gpu/nvidia/nvidia-smi.ts";

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
