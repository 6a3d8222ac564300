import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { BenchCell } from "../cells.ts";
import { type Peer, PYTHON_ENVIRONMENT, type Report } from "./peer.ts";

/** What `--save-detailed` adds: one entry a request, times in seconds of Python's perf_counter. */
const Detailed = z.object({
  failed: z.number(),
  output_lens: z.array(z.number()),
  start_times: z.array(z.number()),
  ttfts: z.array(z.number()),
  itls: z.array(z.array(z.number())),
  errors: z.array(z.string()),
});

/** `vllm bench serve`. @param venv environment with vLLM and `tiny-llama` */
export const vllmBenchServe = (venv: string): Peer => ({
  name: "vllm",
  command: (cell, { url, model }, folder, seed) => ({
    program: join(venv, "bin", "vllm"),
    args: ["bench", "serve", ...options(cell, url, model, venv, folder, seed), "--ignore-eos", "--disable-tqdm"],
    env: { ...PYTHON_ENVIRONMENT, VLLM_CPU_KVCACHE_SPACE: "1" },
  }),
  read: (_cell, folder) => readVllmResult(readFileSync(join(folder, "result.json"), "utf8")),
});

function options(cell: BenchCell, url: string, model: string, venv: string, folder: string, seed: number): string[] {
  const { load, inputTokens, outputTokens, requests, warmupRequests } = cell;
  const named = {
    backend: "openai",
    "base-url": url,
    endpoint: "/v1/completions",
    model,
    tokenizer: join(venv, "tiny-llama"),
    "dataset-name": "random",
    "random-input-len": inputTokens,
    "random-output-len": outputTokens,
    "num-prompts": requests,
    "num-warmups": warmupRequests,
    ...(load.kind === "closed" ? { "max-concurrency": load.streams } : { "request-rate": load.ratePerSecond }),
    seed,
    // The number of the request is put behind it.
    "request-id-prefix": "bench-",
    "result-dir": folder,
    "result-filename": "result.json",
  };
  const flags = Object.entries(named).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return [...flags, "--save-result", "--save-detailed"];
}

/** @param text vLLM's result file, saved with `--save-detailed` */
export function readVllmResult(text: string): Report {
  const { failed, output_lens, start_times, ttfts, itls, errors } = Detailed.parse(JSON.parse(text));
  const ended = errors.flatMap((error, index) => (error === "" ? [index] : []));
  return {
    failed,
    limitedBy: null,
    requests: ended.map((index) => {
      const gapsMs = itls[index]!.map((seconds) => seconds * 1000);
      return {
        id: `bench-${index}`,
        startMs: start_times[index]! * 1000,
        ttftMs: ttfts[index]! * 1000,
        gapsMs,
        tpotMs: gapsMs.reduce((sum, gap) => sum + gap, 0) / (output_lens[index]! - 1),
        outputTokens: output_lens[index]!,
        // It keeps how long a request waited for a slot, but not when it was due.
        sendLatenessMs: null,
      };
    }),
  };
}
