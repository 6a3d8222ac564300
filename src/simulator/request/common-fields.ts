import {
  bool,
  dictionary,
  dictionaryOf,
  either,
  float,
  int,
  listOf,
  literal,
  model,
  nullable,
  text,
} from "./fields.ts";

/** Most stop strings that vLLM takes. */
const MOST_STOPS = 4;

const JsonSchema = model({ name: text, schema: nullable(dictionary), strict: nullable(bool) }, ["name"]);
const ResponseFormat = model(
  { type: literal("text", "json_object", "json_schema", "structural_tag"), json_schema: nullable(JsonSchema) },
  ["type"],
);
const StructuredOutputs = model({
  json: nullable(either(text, dictionary)),
  regex: nullable(text),
  choice: nullable(listOf(text)),
  grammar: nullable(text),
  json_object: nullable(bool),
  structural_tag: nullable(text),
});

/** What both endpoints that generate know, in vLLM 0.32's types. */
export const COMMON_FIELDS = {
  model: nullable(text),
  request_id: text,
  user: nullable(text),
  stream: nullable(bool),
  stream_options: nullable(model({ include_usage: nullable(bool), continuous_usage_stats: nullable(bool) })),
  n: nullable(int()),
  max_tokens: nullable(int()),
  min_tokens: int(),
  seed: nullable(int()),
  temperature: nullable(float),
  top_p: nullable(float),
  top_k: nullable(int()),
  min_p: nullable(float),
  presence_penalty: nullable(float),
  frequency_penalty: nullable(float),
  repetition_penalty: nullable(float),
  logit_bias: nullable(dictionaryOf(float)),
  allowed_token_ids: nullable(listOf(int())),
  bad_words: listOf(text),
  stop: nullable(either(text, listOf(text, { max: MOST_STOPS }))),
  stop_token_ids: nullable(listOf(int())),
  include_stop_str_in_output: bool,
  ignore_eos: bool,
  echo: nullable(bool),
  prompt_logprobs: nullable(int()),
  logprob_token_ids: nullable(listOf(int())),
  return_token_ids: nullable(bool),
  return_tokens_as_token_ids: nullable(bool),
  truncate_prompt_tokens: nullable(int({ min: -1 })),
  truncation_side: nullable(literal("left", "right")),
  response_format: nullable(ResponseFormat),
  structured_outputs: nullable(StructuredOutputs),
  thinking_token_budget: nullable(int()),
  use_beam_search: bool,
  stream_interval: nullable(int({ min: 1 })),
  repetition_detection: nullable(dictionary),
  priority: int(),
  cache_salt: nullable(text),
};

export type CommonFields = ReturnType<typeof readCommon>;
const readCommon = model(COMMON_FIELDS);
