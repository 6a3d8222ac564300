import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { BenchCell } from "../cells.ts";
import { type Peer, PYTHON_ENVIRONMENT, type Report, type ReportedRequest } from "./peer.ts";

const metric = <T extends z.ZodType>(value: T) => z.object({ value });
const Metadata = z.object({
  x_request_id: z.string(),
  request_start_ns: z.number(),
  benchmark_phase: z.string(),
});
const Record = z.object({ metadata: Metadata, error: z.unknown().optional() });
const Ended = z.object({
  metadata: Metadata,
  metrics: z.object({
    time_to_first_token: metric(z.number()),
    inter_chunk_latency: metric(z.array(z.number())),
    decode_duration: metric(z.number()),
    output_sequence_length: metric(z.number()),
  }),
});

/** AIPerf. @param venv environment with a Hugging Face cache that holds `pitwall/tiny-llama` */
export const aiperf = (venv: string): Peer => ({
  name: "aiperf",
  command: (cell, { url, model }, folder, seed) => ({
    program: join(venv, "bin", "aiperf"),
    args: ["profile", ...options(cell, url, model, folder, seed), ...FLAGS],
    env: { ...PYTHON_ENVIRONMENT, HF_HOME: join(venv, "hf-home") },
  }),
  read: (_cell, folder) => readAiperfExport(readFileSync(join(folder, "profile_export.jsonl"), "utf8")),
});

/** What no other tool here does is switched off: scraping /metrics, looking for GPUs. */
const FLAGS = ["--streaming", "--use-server-token-count", "--no-server-metrics", "--no-gpu-telemetry"];

function options(cell: BenchCell, url: string, model: string, folder: string, seed: number): string[] {
  const { load, inputTokens, outputTokens, requests, warmupRequests } = cell;
  const named = {
    model,
    url,
    "endpoint-type": "completions",
    tokenizer: "pitwall/tiny-llama",
    ...(load.kind === "closed"
      ? { concurrency: load.streams }
      : { "request-rate": load.ratePerSecond, "arrival-pattern": "poisson" }),
    "request-count": requests,
    ...(warmupRequests === 0 ? {} : { "warmup-request-count": warmupRequests }),
    isl: inputTokens,
    osl: outputTokens,
    "extra-inputs": "ignore_eos:true",
    "random-seed": seed,
    ui: "none",
    "output-artifact-dir": folder,
  };
  return Object.entries(named).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** @param text `profile_export.jsonl`: one record a request, warm-ups among them */
export function readAiperfExport(text: string): Report {
  const lines = text.split("\n").filter((line) => line !== "");
  const records = lines.map((line) => Record.loose().parse(JSON.parse(line)));
  const measured = records.filter(({ metadata }) => metadata.benchmark_phase === "profiling");
  const ended = measured.filter(({ error }) => error === undefined || error === null);
  return { failed: measured.length - ended.length, limitedBy: null, requests: ended.map(reportedRequest) };
}

function reportedRequest(record: unknown): ReportedRequest {
  const { metadata, metrics } = Ended.parse(record);
  const outputTokens = metrics.output_sequence_length.value;
  return {
    id: metadata.x_request_id,
    startMs: metadata.request_start_ns / 1e6,
    ttftMs: metrics.time_to_first_token.value,
    gapsMs: metrics.inter_chunk_latency.value,
    tpotMs: metrics.decode_duration.value / (outputTokens - 1),
    outputTokens,
    // It keeps when a credit was issued, but not when that was due.
    sendLatenessMs: null,
  };
}
