import { decodeTokens } from "../text/pseudo-tokens.ts";
import { writtenScript } from "../text/script.ts";
import { controlToken } from "../text/words.ts";
import { badRequest } from "./api-error.ts";
import { type Model, readBody } from "./body.ts";
import { checkCount, checkOptions, checkSupported } from "./check/check-options.ts";
import { checkLogprobs } from "./check/check-sampling.ts";
import { COMMON_FIELDS } from "./common-fields.ts";
import { type Dictionary, int, model as modelOf, nullable, text } from "./fields.ts";
import { formOf } from "./forms.ts";
import { type Choice, choicesOf, commonParts, type GenerationRequest, NO_CHAT, speechOf } from "./generation.ts";
import { type Prompt, promptsOf, truncated } from "./prompts.ts";

const CompletionBody = modelOf({ ...COMMON_FIELDS, logprobs: nullable(int()), suffix: nullable(text) });
const DEFAULT_MAX_TOKENS = 16;

/** @throws ApiError in vLLM's wording, NoInstance */
export function completionRequest(given: Dictionary, model: Model, multibyte: boolean): GenerationRequest {
  checkOptions(given);
  checkCount(given, "logprobs");
  // A missing prompt comes before all else, one that is wrong after.
  if (given.prompt === undefined || given.prompt === null || given.prompt === "") promptsOf(given.prompt);
  const body = readBody(given, CompletionBody, model);
  checkSupported(given);
  if (typeof body.suffix === "string") {
    throw badRequest("suffix is only supported for models with FIM completion rendering", "suffix");
  }
  const prompts = promptsOf(given.prompt).map((prompt) => truncated(prompt, body, model));
  const { logprobs = null, echo = false } = body;
  checkLogprobs(logprobs, "logprobs", "sample");
  checkLogprobs(body.prompt_logprobs ?? null, "prompt_logprobs", "prompt");
  const form = formOf(body);
  const isEchoOnly = echo === true && body.max_tokens === 0;
  const wanted = isEchoOnly ? 1 : (body.max_tokens ?? DEFAULT_MAX_TOKENS);
  const choices = prompts.flatMap((prompt) => {
    const speak = () => speechOf(form, prompt.text, model);
    const all = choicesOf({ body, prompt, wanted, wantedBy: "max_tokens", multibyte, model, speak });
    return isEchoOnly ? all.map(silent) : all;
  });
  const each = body.n ?? 1;
  return {
    ...commonParts(body, model),
    endpoint: "completions",
    choices,
    promptTokens: prompts.reduce((sum, { tokens }) => sum + tokens.length, 0),
    // Who has the prompt repeated with probabilities gets them in both places.
    promptLogprobs: body.prompt_logprobs ?? (echo === true ? logprobs : null),
    // 0 asks for the chosen token's probability alone.
    logprobs: logprobs === null ? null : { top: logprobs, asIds: body.return_tokens_as_token_ids ?? false },
    echo: echo === true ? prompts.flatMap((prompt) => Array(each).fill(textOf(prompt))) : null,
    chat: NO_CHAT,
  };
}

const textOf = ({ text, tokens }: Prompt) => (text === "" ? decodeTokens(tokens) : text);

/** vLLM generates a token that nobody sees when only the prompt is wanted, and counts it. */
const silent = (choice: Choice): Choice => ({
  ...choice,
  script: writtenScript([controlToken("end of text")], "length"),
});
