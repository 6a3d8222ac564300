import type { Answer, Picky } from "./picky-server.ts";

/*
 * What servers behind the OpenAI API refuse and send, as runs of the real ones showed. Errors are in each one's own form:
 * OpenAI's `error`, FastAPI's `detail`, a flat `message`.
 */

const hasIds = (prompt: unknown): prompt is number[] => Array.isArray(prompt);
const invalid = (message: string): Answer => [400, { error: { message, type: "invalid_request_error", code: 400 } }];

/** vLLM 0.32, vllm-router 0.1. */
export const VLLM: Picky = { usageOnDemand: true };

/** llama.cpp's server: token ids of its vocabulary only, whose size it tells; usage on the finish, asked for or not. */
export const LLAMA_CPP: Picky = {
  meta: { n_vocab: 512, n_ctx: 1024, n_ctx_train: 4096 },
  usage: "on the finish",
  finishApart: true,
  refuse: ({ prompt }) =>
    hasIds(prompt) && prompt.some((id) => id >= 512) ? invalid("Prompt contains invalid tokens") : undefined,
};

/** vLLM with a toy model: the same limit, which nobody tells beforehand. */
export const SMALL_VOCABULARY: Picky = {
  ...VLLM,
  refuse: ({ prompt }) =>
    hasIds(prompt) && prompt.some((id) => id >= 777) ? invalid("Token id 9999 is out of vocabulary") : undefined,
};

/** `transformers serve` 5.24. */
export const TRANSFORMERS: Picky = {
  usage: "on the finish",
  done: false,
  finishApart: true,
  length: (asked, index) => Math.max(1, asked - (index % 2)),
  refuse: ({ prompt, ignore_eos, min_tokens }) => {
    if (hasIds(prompt)) return [422, { detail: [{ loc: ["body", "prompt"], msg: "Input should be a valid string" }] }];
    const unknown = ignore_eos === undefined ? min_tokens && "min_tokens" : "ignore_eos";
    return unknown ? [422, { detail: `Unexpected keys in the request: {'${unknown}'}` }] : undefined;
  },
};

/** sglang-router 0.3, smg 1.13: before a server that takes everything. */
export const SGLANG_ROUTER: Picky = {
  ...VLLM,
  models: () => ["unknown"],
  refuse: ({ model, prompt }) => {
    if (hasIds(prompt)) return [422, "Failed to deserialize the JSON body: prompt: data did not match any variant"];
    return model === "m" ? undefined : [404, { error: { message: `The model ${model} does not exist` } }];
  },
};
export const SMG: Picky = {
  ...VLLM,
  refuse: ({ prompt }) => (hasIds(prompt) ? [400, { error: { message: "prompt must be a string" } }] : undefined),
};

const DYNAMO_FIELDS =
  /^(model|prompt|messages|max_tokens|max_completion_tokens|ignore_eos|min_tokens|temperature|top_p|n|stream|stream_options)$/;
/** NVIDIA Dynamo 1.6's frontend: an unknown field is refused by name, in a flat error. */
export const DYNAMO: Picky = {
  ...VLLM,
  finishApart: true,
  refuse: (question) => {
    const unknown = Object.keys(question).find((field) => !DYNAMO_FIELDS.test(field));
    return unknown === undefined ? undefined : [400, { message: `Unsupported parameter: ${unknown}`, code: 400 }];
  },
};

/** A server that knows of max_tokens only, in a chat too. */
export const OLD_CHAT: Picky = {
  refuse: ({ max_completion_tokens: newer }) =>
    newer === undefined ? undefined : invalid("Unrecognized request argument supplied: max_completion_tokens"),
};
/** A server that has only min_tokens to make answers of one length. */
export const MIN_TOKENS: Picky = {
  refuse: ({ ignore_eos }) => (ignore_eos === undefined ? undefined : invalid("ignore_eos is not supported")),
};
