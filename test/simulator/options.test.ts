import { describe, expect, test } from "vitest";
import { parseOptions } from "../../src/simulator/options.ts";

describe("options", () => {
  test("have vLLM's defaults", () => {
    const options = parseOptions([]);
    expect(options).toMatchObject({
      host: "127.0.0.1",
      port: 8000,
      preset: "h100-8b",
      maxModelLen: 4096,
      maxNumSeqs: 256,
      maxNumBatchedTokens: 8192,
      noise: 0,
      enablePrefixCaching: true,
      stagger: false,
      neverHealthy: false,
      fault: [],
    });
    for (const absent of ["crashAfterRequests", "failEvery", "kvCacheTokens", "fixedTtft", "truth", "oomAtStart"]) {
      expect(options).not.toHaveProperty(absent);
    }
  });

  test.each([
    [["--model", "sim/tiny"], "sim/tiny", "tiny"],
    [["--model", "meta-llama/Llama-3.1-8B"], "meta-llama/Llama-3.1-8B", "h100-8b"],
    [["--model", "sim/h100-8b", "--preset", "tiny"], "sim/h100-8b", "tiny"],
    [["--model", "sim/mine", "--preset=tiny"], "sim/mine", "tiny"],
  ])("%j serve the model %s with the timing of %s", (args, model, preset) => {
    expect(parseOptions(args)).toMatchObject({ model, preset });
  });

  test("take milliseconds, faults and a choice of memory to run out of", () => {
    const paced = parseOptions(["--fixed-ttft", "50", "--fixed-itl", "12.5", "--stagger"]);
    expect(paced).toMatchObject({ fixedTtft: 50, fixedItl: 12.5, stagger: true });
    expect(parseOptions(["--fault", "crlf", "--fault", "cut=3"])).toMatchObject({
      fault: [{ crlf: true }, { cut: 3 }],
    });
    expect(parseOptions(["--no-enable-prefix-caching"])).toMatchObject({ enablePrefixCaching: false });
    expect(parseOptions(["--oom-at-start"])).toMatchObject({ oomAtStart: "kv-cache" });
    expect(parseOptions(["--oom-at-start", "weights"])).toMatchObject({ oomAtStart: "weights" });
  });
});
