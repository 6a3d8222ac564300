import { describe, expect, test } from "vitest";
import { rocmReadings } from "../../../../src/telemetry/gpu/amd/rocm-smi.ts";
import { rocmCard } from "../../../support/gpu-tools.ts";

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
