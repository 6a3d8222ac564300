import { UserError } from "../../errors.ts";
import { type Args, textOf } from "./args.ts";

/** Ways of `vllm bench serve` to ask for text, as our own cells call them. */
const ENDPOINTS: { [backend: string]: string } = {
  vllm: "completions",
  openai: "completions",
  "openai-comp": "completions",
  "openai-chat": "chat",
  "openai-responses": "responses",
};

/** Other engines whose requests the scripts of before could make; some take OpenAI's completions. */
const OTHER_ENGINES: { [backend: string]: string } = {
  sglang: "completions",
  lmdeploy: "completions",
  scalellm: "completions",
  tgi: "tgi",
  "tensorrt-llm": "tensorrt-llm",
  "deepspeed-mii": "deepspeed-mii",
};

/** What is measured where it is no text generation, by signs in the names of backend and kind of dataset. */
const OTHER_TASKS: [RegExp, string][] = [
  [/embed|infinity/, "embeddings"],
  [/rerank/, "reranking"],
  [/score|scoring|cross-encoder/, "scoring"],
  [/classif/, "classification"],
  [/pool|reward/, "pooling"],
  [/audio|asr|speech|transcri|translat/, "speech recognition"],
  [/[-_]mm\b|multimodal|image|vision|video|vlm/, "multimodal requests"],
];
/** The same by data sets that everybody takes: other names of files and sets say nothing. */
const OTHER_SETS: [RegExp, string][] = [
  [/librispeech|voxpopuli|tedlium|gigaspeech|spgispeech|edinburghcstr\/ami/, "speech recognition"],
  [/visionarena|vision-arena|llava-onevision|mmvu|mmstar|mmmu|sharegpt4v/, "multimodal requests"],
];

export interface Task {
  /** `completions` is the one of our cells that needs no saying. */
  endpoint: string;
  engine: "vllm" | "remote";
}

/**
 * What the requests of `vllm bench serve` asked for.
 * @param backend as the file calls it; absent in the oldest
 * @throws UserError naming a task that is no text generation
 */
export function taskOf(backend: string | undefined, args: Args, place: string): Task {
  const [name, path] = [textOf(args.dataset_name), textOf(args.dataset_path)];
  const isMultimodal = args.enable_multimodal_chat === true;
  const kinds = `${backend ?? ""} ${name ?? ""} ${isMultimodal ? "multimodal" : ""}`.toLowerCase();
  const task = signIn(OTHER_TASKS, kinds) ?? signIn(OTHER_SETS, (path ?? "").toLowerCase());
  if (task !== undefined) {
    const named = Object.entries({ backend, dataset: name, path }).filter(([, value]) => value !== undefined);
    throw refusal(place, `${task} (${named.map((pair) => pair.join(" ")).join(", ")})`);
  }
  if (backend === undefined || Object.hasOwn(ENDPOINTS, backend)) {
    return { endpoint: ENDPOINTS[backend ?? "vllm"]!, engine: "vllm" };
  }
  return { endpoint: OTHER_ENGINES[backend] ?? backend, engine: "remote" };
}

const signIn = (signs: [RegExp, string][], text: string) => signs.find(([sign]) => sign.test(text))?.[1];

/** @throws UserError when the keys of a result are those of another task, whatever its backend is called */
export function refuseOtherResults(file: { readonly [key: string]: unknown }, place: string): void {
  if (typeof file.rtfx === "number" && file.rtfx > 0) throw refusal(place, "speech recognition (rtfx)");
  const isWithoutOutput = file.total_output_tokens === undefined && file.output_throughput === undefined;
  if (isWithoutOutput) throw refusal(place, "embeddings or another task without output tokens");
}

/** @throws UserError for a result of another tool that began as a copy of vLLM's: its ITL and its totals are others */
export function refuseSglang(file: { readonly [key: string]: unknown }, place: string): void {
  if (!("total_output_tokens_retokenized" in file)) return;
  throw new UserError(`${place} is a result of SGLang's bench_serving, which cannot be imported`);
}

const refusal = (place: string, task: string) =>
  new UserError(`${place} is a result of ${task}; only text generation can be imported`);
