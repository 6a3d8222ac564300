import { readFileSync } from "node:fs";
import type { RequestSamples } from "../../src/result/document/cell.ts";

/** A result that `vllm bench serve --save-detailed` of vLLM 0.32 wrote: samples of 40 requests and their summary. */
export const detailedFile = JSON.parse(
  readFileSync(new URL("../fixtures/vllm-0.32.0/concurrency_4_in_100_out_20_detailed.json", import.meta.url), "utf8"),
);

/** Its samples as ours. Our zero is its first start time. */
export function detailedSamples(): RequestSamples {
  const file = detailedFile;
  const milliseconds = (seconds: number) => seconds * 1000;
  const sentMs: number[] = file.start_times.map((time: number) => milliseconds(time - file.start_times[0]));
  const later = (durations: number[]) => durations.map((duration, index) => sentMs[index]! + milliseconds(duration));
  return {
    durationS: file.duration,
    scheduledMs: sentMs.map((time, index) => time - milliseconds(file.queue_times[index])),
    sentMs,
    firstTokenMs: later(file.ttfts),
    lastTokenMs: later(file.latencies),
    endMs: later(file.latencies),
    gapsMs: file.itls.map((gaps: number[]) => gaps.map(milliseconds)),
    askedInputTokens: file.input_lens.map(() => null),
    askedOutputTokens: file.output_lens,
    inputTokens: file.input_lens,
    outputTokens: file.output_lens,
    finishReasons: file.errors.map(() => "length"),
    errors: file.errors.map((error: string) => error || null),
  };
}
