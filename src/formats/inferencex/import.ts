import { z } from "zod";
import { listOf } from "../../checked.ts";
import { UserError } from "../../errors.ts";
import { parseJson } from "../../files.ts";
import type { CellParams } from "../../result/document/cell.ts";
import type { Run } from "../../result/document/run.ts";
import { present } from "../../result/present.ts";
import { contextFrom, type Given, needed } from "../given.ts";
import { importedRun, okCell, type SourceFile } from "../imported-run.ts";
import { servingMetrics } from "../vllm/keys.ts";

const maybe = z.union([z.string(), z.number(), z.boolean()]).nullish();
const length = z.int().positive().nullish();
const ways = z.union([z.int().positive(), z.stringFormat("number of GPUs", /^[1-9]\d*$/).transform(Number)]).nullish();

const Aggregate = z.looseObject({
  hw: z.string(),
  tp: z.int().positive(),
  ep: ways,
  // Since autumn 2026.
  pp: ways,
  pcp_size: ways,
  dp_attention: maybe,
  mtp: maybe,
  spec_decoding: maybe,
  disagg: z.boolean().nullish(),
  is_multinode: z.boolean().nullish(),
  conc: z.int().positive(),
  isl: length,
  osl: length,
  model: z.string(),
  framework: z.string(),
  precision: z.string(),
  image: z.string().nullish(),
  tput_per_gpu: z.number().positive(),
  output_tput_per_gpu: z.number().positive().nullish(),
});
type Aggregate = z.infer<typeof Aggregate>;

/**
 * Aggregates of InferenceX (InferenceMAX before): `agg_*.json`, one set-up or a list of them. Times in seconds,
 * throughput a GPU. They have no moment, and no lengths in older versions.
 * @throws UserError naming the file and what in it cannot be kept
 */
export function importInferenceX(file: SourceFile, given: Given): Run[] {
  const schema = z.union([listOf(Aggregate, 1), Aggregate.transform((one) => [one])]);
  const timestamp = needed(given.timestamp, "--timestamp", file.name);
  return parseJson(file.text, schema, file.name).map((aggregate) => {
    const { hw, model, tp, framework, precision, image } = aggregate;
    const kind = framework === "vllm" ? ("vllm" as const) : ("remote" as const);
    const facts = {
      model,
      host: hw,
      gpu: hw,
      gpuCount: gpusOf(aggregate),
      tensorParallel: tp,
      quantization: precision,
    };
    return importedRun({
      format: "inferencex",
      file,
      timestamp,
      note: "The file has no time; it was given when it was imported.",
      cells: [cellOf(aggregate, given, file.name)],
      context: contextFrom(given, { ...facts, engine: { kind, image: image ?? undefined } }, file.name),
    });
  });
}

/**
 * GPUs that the throughputs were divided by: tensor, pipeline and prefill-context parallelism multiply; experts share those
 * GPUs, so that there are at least as many.
 */
function gpusOf({ tp, pp, pcp_size, ep }: Aggregate): number {
  return Math.max(tp * (pp ?? 1) * (pcp_size ?? 1), ep ?? 1);
}

function cellOf(aggregate: Aggregate, given: Given, name: string) {
  const { conc: concurrency, framework, ep, pp, pcp_size, dp_attention, mtp, spec_decoding } = aggregate;
  const gpus = gpusOf(aggregate);
  const place = `${name}, ${aggregate.hw}, concurrency ${concurrency}`;
  if (aggregate.disagg || aggregate.is_multinode) {
    throw new UserError(`${place}: prefill and decode on GPUs of their own have no total throughput in this format`);
  }
  const inputLen = needed(aggregate.isl ?? given.inputLen, "--input-len", name);
  const outputLen = needed(aggregate.osl ?? given.outputLen, "--output-len", name);
  const ways = {
    expertParallel: ep,
    pipelineParallel: moreThanOne(pp),
    prefillContextParallel: moreThanOne(pcp_size),
    dpAttention: dp_attention,
    mtp,
    speculative: spec_decoding,
  };
  const params: CellParams = {
    ...{ inputLen, outputLen, concurrency },
    ...(framework === "vllm" ? {} : { framework }),
    ...present(ways),
  };
  const suffix = framework === "vllm" ? "" : `_${framework.replaceAll(/[^A-Za-z0-9.-]/g, "-")}`;
  const id = `serve-benchmark/in_${inputLen}_out_${outputLen}_concurrency_${concurrency}${suffix}`;
  const output = aggregate.output_tput_per_gpu;
  const metrics = {
    ...latenciesOf(aggregate, place),
    total_token_throughput_tok_s: aggregate.tput_per_gpu * gpus,
    ...(output === null || output === undefined ? {} : { output_throughput_tok_s: output * gpus }),
    ...(typeof aggregate.mean_intvty === "number" ? { tokens_per_s_user: aggregate.mean_intvty } : {}),
  };
  return okCell({ id, benchmark: "serve-benchmark", params, metrics }, place);
}

const moreThanOne = (size: number | null | undefined) => (size === 1 ? undefined : size);

/** `p99_ttft` in seconds → `p99_ttft_ms`; interactivity is 1 ÷ TPOT and says nothing new. */
function latenciesOf(aggregate: Aggregate, place: string) {
  const latencies = Object.entries(aggregate).flatMap(([key, value]) =>
    /^(mean|median|std|p[\d.]+)_(ttft|tpot|itl|e2el)$/.test(key) && typeof value === "number"
      ? [[`${key}_ms`, value * 1000] as const]
      : [],
  );
  return servingMetrics(Object.fromEntries(latencies), place);
}
