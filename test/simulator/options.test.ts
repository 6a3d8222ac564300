import { describe, expect, test } from "vitest";
import { parseOptions } from "../../src/simulator/options.ts";

describe("options", () => {
  test("have vLLM's defaults", () => {
    expect(parseOptions([])).toMatchObject({
      host: "127.0.0.1",
      port: 8000,
      preset: "h100-8b",
      maxModelLen: 4096,
      maxNumSeqs: 256,
      maxNumBatchedTokens: 8192,
      noise: 0,
      neverHealthy: false,
      crashAfterRequests: null,
      failEvery: null,
    });
  });

  test.each([
    [["--model", "sim/tiny"], "sim/tiny", "tiny"],
    [["--model", "meta-llama/Llama-3.1-8B"], "meta-llama/Llama-3.1-8B", "h100-8b"],
    [["--model", "sim/h100-8b", "--preset", "tiny"], "sim/h100-8b", "tiny"],
    [["--model", "sim/mine", "--preset=tiny"], "sim/mine", "tiny"],
  ])("%j serve the model %s with the timing of %s", (args, model, preset) => {
    expect(parseOptions(args)).toMatchObject({ model, preset });
  });
});
