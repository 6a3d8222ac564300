/** Arguments of a vLLM command by their Python names (`max_concurrency`), from whichever file tells them. */
export type Args = { readonly [name: string]: unknown };

export const argumentName = (key: string) => key.replaceAll("-", "_");

/** A number, also one that `--metadata` made a text of. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

export function positiveOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number !== undefined && number > 0 ? number : undefined;
}

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** A value as a cell's parameter holds it: lists with commas, objects as their JSON; undefined for what says nothing. */
export function parameterOf(value: unknown): string | number | boolean | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return value.join(",");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `top_p` → `topP`. */
export const camelCase = (name: string) => name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A value as part of a cell's id. */
export const inId = (value: string | number | boolean) => String(value).replaceAll(/[^A-Za-z0-9.-]+/g, "-");

/** Arguments of `vllm bench serve` that say what was sent and when; those of datasets begin with the dataset's name. */
const BENCH = new Set([
  ...["dataset_name", "dataset_path", "num_prompts", "request_rate", "burstiness", "max_concurrency", "input_len"],
  ...["output_len", "ramp_up_strategy", "ramp_up_start_rps", "ramp_up_end_rps", "backend", "endpoint_type", "endpoint"],
  ...["temperature", "top_p", "top_k", "min_p", "frequency_penalty", "presence_penalty", "repetition_penalty", "seed"],
  ...["ignore_eos", "num_warmups", "use_beam_search", "n", "best_of", "logprobs", "lora_modules", "lora_assignment"],
  ...["extra_body", "chat_template_kwargs", "no_stream", "self_timed", "disable_shuffle", "no_oversample", "goodput"],
  ...["skip_chat_template", "enable_multimodal_chat", "probe_request_rate"],
]);
/** Those that change no request. */
const SILENT = new Set([
  ...["base_url", "host", "port", "label", "tokenizer", "tokenizer_mode", "save_result", "save_detailed", "profile"],
  ...["append_result", "metadata", "result_dir", "result_filename", "percentile_metrics", "metric_percentiles"],
  ...["disable_tqdm", "request_id_prefix", "ready_check_timeout_sec", "header", "insecure", "plot_timeline"],
  ...["timeline_itl_thresholds", "plot_dataset_stats", "served_model_name", "skip_tokenizer_init"],
  ...["_benchmark_name", "run_number", "trust_remote_code", "num_iters_cold", "num_iters_warmup", "num_iters_warm"],
]);
const DATASETS = [
  ...["random", "sonnet", "sharegpt", "hf", "custom", "prefix_repetition", "spec_bench", "speed_bench", "burstgpt"],
  ...["timed_trace", "txt_slices", "blazedit", "asr", "bfcl"],
];

/** The dataset whose argument this is, by its prefix. */
export const datasetOfArgument = (name: string) => DATASETS.find((dataset) => name.startsWith(`${dataset}_`));

/** Whether an argument goes to the client, to nobody's effect, or to the engine. */
export function sideOf(name: string): "bench" | "silent" | "engine" {
  if (SILENT.has(name)) return "silent";
  return BENCH.has(name) || datasetOfArgument(name) !== undefined ? "bench" : "engine";
}
