import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { BenchCell } from "../cells.ts";
import { type Peer, PYTHON_ENVIRONMENT, type Report } from "./peer.ts";

const seconds = z.number();
const Request = z.object({
  response_id: z.string().nullable(),
  output_tokens: z.number(),
  info: z.object({
    timings: z.object({
      targeted_start: seconds,
      request_start: seconds,
      first_token_iteration: seconds,
      last_token_iteration: seconds,
    }),
  }),
});
const Benchmarks = z.object({
  benchmarks: z.tuple([
    z.object({
      requests: z.object({
        successful: z.array(Request),
        errored: z.array(z.unknown()),
        incomplete: z.array(z.unknown()),
      }),
    }),
  ]),
});

/** GuideLLM. @param model folder of the tokenizer that it makes its prompts with */
export const guidellm = (venv: string, tokenizer: string): Peer => ({
  name: "guidellm",
  command: (cell, { url, model }, folder, seed) => ({
    program: join(venv, "bin", "guidellm"),
    args: ["run", ...options(cell, url, model, tokenizer, folder, seed), "--disable-console"],
    env: PYTHON_ENVIRONMENT,
  }),
  read: (cell, folder) => readGuidellmReport(readFileSync(join(folder, "report.json"), "utf8"), cell.warmupRequests),
});

function options(cell: BenchCell, url: string, model: string, tokenizer: string, folder: string, seed: number) {
  const { load, inputTokens, outputTokens, requests, warmupRequests } = cell;
  const profile =
    load.kind === "closed" ? `kind=concurrent,streams=${load.streams}` : `kind=poisson,rate=${load.ratePerSecond}`;
  const named = {
    backend: `kind=openai_http,target=${url},model=${model},request_format=/v1/completions`,
    profile,
    constraint: `kind=max_requests,count=${warmupRequests + requests}`,
    tokenizer: `kind=huggingface_auto,model=${tokenizer}`,
    data: `kind=synthetic_text,prompt_tokens=${inputTokens},output_tokens=${outputTokens}`,
    seed: `kind=static,value=${seed}`,
    output: `kind=json,path=${join(folder, "report.json")}`,
  };
  return Object.entries(named).flatMap(([name, value]) => [`--${name}`, value]);
}

/**
 * Its own warm-up is a window of time that it leaves out of its metrics; here the first requests are left out instead.
 * It stamps on the wall clock, keeps no token between the first and the last, and calls TPOT what includes the TTFT.
 */
export function readGuidellmReport(text: string, warmupRequests: number): Report {
  const { successful, errored, incomplete } = Benchmarks.parse(JSON.parse(text)).benchmarks[0].requests;
  const requests = successful.map(({ response_id, output_tokens, info: { timings } }) => ({
    id: response_id,
    startMs: timings.request_start * 1000,
    ttftMs: (timings.first_token_iteration - timings.request_start) * 1000,
    gapsMs: null,
    tpotMs: ((timings.last_token_iteration - timings.first_token_iteration) * 1000) / (output_tokens - 1),
    outputTokens: output_tokens,
    sendLatenessMs: (timings.request_start - timings.targeted_start) * 1000,
  }));
  requests.sort((a, b) => a.startMs - b.startMs);
  return { failed: errored.length + incomplete.length, limitedBy: null, requests: requests.slice(warmupRequests) };
}
