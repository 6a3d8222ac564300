import { FOREIGN_IDS, isKnownId } from "../../text/pseudo-tokens.ts";
import { badRequest } from "../api-error.ts";
import type { CommonFields } from "../common-fields.ts";

/** vLLM's limits where they are not the sampling's own. */
const MOST_ANSWERS = 16_384;
const MOST_LOGPROBS = 20;

/** The ranges of vLLM 0.32. @param maxTokens that fit and were asked for; @throws ApiError in its wording */
export function checkSampling(body: CommonFields, maxTokens: number): void {
  checkAnswers(body);
  for (const [name, low, high] of [
    ["presence_penalty", -2, 2],
    ["frequency_penalty", -2, 2],
    ["min_p", 0, 1],
  ] as const) {
    const value = body[name] ?? 0;
    if (value < low || value > high) throw badRequest(`${name} must be in [${low}, ${high}], got ${asFloat(value)}.`);
  }
  const { repetition_penalty: repetition, top_k: topK } = body;
  if ((repetition ?? 1) <= 0) {
    throw badRequest(`repetition_penalty must be greater than zero, got ${asFloat(repetition as number)}.`);
  }
  checkTemperature(body.temperature ?? 1);
  const topP = body.top_p ?? 1;
  if (topP <= 0 || topP > 1) {
    throw badRequest(`top_p must be in (0, 1], got ${asFloat(topP)}.`, "top_p", asFloat(topP));
  }
  if ((topK ?? 0) < -1) throw badRequest(`top_k must be 0 (disable), or at least 1, got ${topK}.`);
  checkLengths(body, maxTokens);
  checkStops(body);
  checkTokenIds(body);
}

function checkAnswers({ n, temperature }: CommonFields): void {
  const count = n ?? 1;
  if (count < 1) throw badRequest(`n must be at least 1, got ${count}.`);
  if (count > MOST_ANSWERS) {
    const hint = "To increase this limit, set the VLLM_MAX_N_SEQUENCES environment variable.";
    throw badRequest(`n must be at most ${MOST_ANSWERS}, got ${count}. ${hint}`);
  }
  if (count > 1 && temperature === 0) throw badRequest(`n must be 1 when using greedy sampling, got ${count}.`);
}

function checkTemperature(temperature: number): void {
  const value = asFloat(temperature);
  if (temperature < 0) throw badRequest(`temperature must be non-negative, got ${value}.`, "temperature", value);
  if (temperature > 2) throw badRequest(`temperature must be in [0, 2], got ${value}.`, "temperature", value);
}

function checkLengths({ min_tokens: least = 0 }: CommonFields, maxTokens: number): void {
  if (maxTokens < 1) throw badRequest(`max_tokens must be at least 1, got ${maxTokens}.`, "max_tokens", maxTokens);
  if (least < 0) throw badRequest(`min_tokens must be greater than or equal to 0, got ${least}.`);
  if (least > maxTokens)
    throw badRequest(`min_tokens must be less than or equal to max_tokens=${maxTokens}, got ${least}.`);
}

function checkStops({ stop, bad_words: badWords = [] }: CommonFields): void {
  if ([stop].flat().includes("")) throw badRequest("stop cannot contain an empty string.");
  if (badWords.includes("")) {
    throw badRequest(`bad_words cannot contain an empty string. Got bad_words=${listText(badWords)}`);
  }
}

function checkTokenIds(body: CommonFields): void {
  const unknown = (ids: readonly number[]) => ids.filter((id) => !isKnownId(id));
  const refuse = (name: string, ids: number[]) => {
    if (ids.length === 0) return;
    const message = `token_id(s) [${ids.join(", ")}] in ${name} contain out-of-vocab token ids. Vocabulary size: ${FOREIGN_IDS}`;
    throw badRequest(message, name, `[${ids.join(", ")}]`);
  };
  refuse("logit_bias", unknown([...biasOf(body).keys()]));
  refuse("stop_token_ids", unknown(body.stop_token_ids ?? []));
  const { allowed_token_ids: allowed } = body;
  if (allowed === undefined || allowed === null) return;
  const listed = `[${allowed.join(", ")}]`;
  if (allowed.length === 0) {
    throw badRequest("allowed_token_ids is not None and empty!", "allowed_token_ids", listed);
  }
  if (unknown(allowed).length > 0) {
    throw badRequest("allowed_token_ids contains out-of-vocab token id!", "allowed_token_ids", listed);
  }
}

/** Biases by token id. @throws ApiError */
export function biasOf({ logit_bias: bias }: CommonFields): Map<number, number> {
  const entries = Object.entries(bias ?? {});
  const bad = entries.filter(([id]) => !/^-?\d+$/.test(id)).map(([id]) => id);
  if (bad.length > 0) {
    const message = `logit_bias contains key(s) that cannot be converted to integer token IDs: ${listText(bad)}`;
    throw badRequest(message, "logit_bias", listText(bad));
  }
  return new Map(entries.map(([id, value]) => [Number(id), value]));
}

const listText = (texts: readonly string[]) => `[${texts.map((one) => `'${one}'`).join(", ")}]`;

/** As Python prints one. */
const asFloat = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** @param kind whose probabilities: the answer's or the prompt's; @throws ApiError */
export function checkLogprobs(count: number | null, name: string, kind: "sample" | "prompt"): void {
  if (count === null || (count <= MOST_LOGPROBS && count !== -1)) return;
  const wanted = count === -1 ? FOREIGN_IDS : count;
  const message = `Requested ${kind} logprobs of ${wanted}, which is greater than max allowed: ${MOST_LOGPROBS}`;
  throw badRequest(message, name, wanted);
}
