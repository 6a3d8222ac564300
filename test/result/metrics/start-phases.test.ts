import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startPhasesOf } from "../../../src/result/metrics/start-phases.ts";
import { FIXTURES } from "../../support/fake-engine.ts";

const stamp = (line: string) => `(EngineCore pid=7) INFO 11-22 06:35:27 [core.py:402] ${line}`;
const phases = (...lines: string[]) => startPhasesOf(lines.map(stamp).join("\n"));

describe("phases of a start", () => {
  test("are those that vLLM 0.32 on a CPU names; the others are absent", () => {
    expect(startPhasesOf(readFileSync(join(FIXTURES, "vllm-0.32.0-server.log"), "utf8"))).toEqual({
      initSeconds: 2.79,
    });
  });

  test("on a GPU, compiled and with graphs", () => {
    const log = phases(
      "Loading weights took 0.98 seconds",
      "Model loading took 7.6065 GiB memory and 1.163559 seconds",
      "torch.compile took 9.85 s in total",
      "Initial profiling/warmup run took 0.41 s",
      "Graph capturing finished in 8 secs, took 0.31 GiB",
      "init engine (profile, create kv cache, warmup model) took 66.09 s (compilation: 9.85 s)",
    );
    expect(log).toEqual({
      weightsSeconds: 0.98,
      modelSeconds: 1.163559,
      compileSeconds: 9.85,
      profileSeconds: 0.41,
      graphCaptureSeconds: 8,
      initSeconds: 66.09,
    });
  });

  test.each([
    ["Model loading took 0.2389 GB and 0.532014 seconds", { modelSeconds: 0.532014 }],
    ["Model loading took 0.2389 GiB and 0.532014 seconds", { modelSeconds: 0.532014 }],
    ["torch.compile takes 30.03 s in total", { compileSeconds: 30.03 }],
    ["[decoder] torch.compile and initial profiling/warmup run together took 4.10 s in total", { compileSeconds: 4.1 }],
    ["Memory profiling takes 0.61 seconds. Total non KV cache memory: 1.1GiB", { profileSeconds: 0.61 }],
    ["Graph capturing finished in 20 secs.", { graphCaptureSeconds: 20 }],
    ["init engine (profile, create kv cache, warmup model) took 28.44 seconds", { initSeconds: 28.44 }],
    [
      "init engine (profile, create kv cache, warmup model) took 36.07 s (compilation: 19.20 s)",
      {
        compileSeconds: 19.2,
        initSeconds: 36.07,
      },
    ],
  ])("of other versions: %s", (line, expected) => {
    expect(phases(line)).toEqual(expected);
  });

  test("are the slowest worker's", () => {
    const log = phases("Loading weights took 3.10 seconds", "Loading weights took 20.50 seconds");
    expect(log).toEqual({ weightsSeconds: 20.5 });
  });

  test("leave out what is another thing", () => {
    expect(
      phases(
        "Loading model weights took 0.2389 GB",
        "Encoder graph capturing finished in 3 secs, took 0.10 GiB (4 graphs)",
        "Encoder Graph capturing finished in 3 secs, took 0.10 GiB (4 graphs)",
        "Reloading and processing weights took 5.00 seconds",
      ),
    ).toBeUndefined();
  });
});
