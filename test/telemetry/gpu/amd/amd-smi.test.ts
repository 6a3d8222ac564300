import { describe, expect, test } from "vitest";
import { amdReadings } from "../../../../src/telemetry/gpu/amd/amd-smi.ts";
import { amdGpu } from "../../../support/gpu-tools.ts";

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
