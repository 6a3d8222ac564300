import { describe, expect, test } from "vitest";
import { throttlingReasons } from "../../../../src/telemetry/gpu/nvidia/throttling.ts";

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
