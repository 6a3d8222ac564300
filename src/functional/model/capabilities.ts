/**
 * What a server may lack without being wrong, and how it shows. The seed's names come first; the others are ours. A case
 * that needs one that is missing is unsupported, not deviating.
 */
export const CAPABILITIES = [
  "chat.tools",
  "chat.tool_choice",
  "chat.tool_choice.by_name",
  "chat.tool_calls.parallel",
  "chat.response_format.json_object",
  "chat.response_format.json_schema",
  "chat.reasoning",
  "chat.logprobs",
  "completions.suffix",
  "completions.best_of",
  "chat",
  "chat.n",
  "chat.structured_outputs",
  "completions",
  "completions.n",
  "completions.echo",
  "completions.logprobs",
  "completions.prompt_list",
  "completions.token_ids",
  "models.retrieve",
  "tokenize",
  "detokenize",
  "min_tokens",
  "ignore_eos",
  "return_token_ids",
  "stream.continuous_usage",
  "auth",
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** What the features of a scenario file stand for. */
export const CAPABILITIES_OF_FEATURES: Readonly<Record<string, readonly Capability[]>> = {
  function_call: ["chat.tools", "chat.tool_choice", "chat.tool_choice.by_name", "chat.tool_calls.parallel"],
  guided_decoding: ["chat.response_format.json_object", "chat.response_format.json_schema"],
  reasoning: ["chat.reasoning"],
};
