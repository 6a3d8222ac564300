import { type ApiError, badRequest } from "../api-error.ts";
import { type Dictionary, isDictionary } from "../fields.ts";

/** What vLLM checks before it looks at types, for both endpoints. @throws ApiError in its wording */
export function checkOptions(body: Dictionary): void {
  if (body.stream_options && !body.stream) {
    throw badRequest("Stream options can only be defined when `stream=True`.", "stream_options", AT_NAME);
  }
  checkCount(body, "prompt_logprobs");
  const { prompt_logprobs: promptLogprobs } = body;
  if (body.stream && typeof promptLogprobs === "number" && promptLogprobs !== 0) {
    throw badRequest("`prompt_logprobs` are not available when `stream=True`.", "prompt_logprobs", AT_NAME);
  }
  checkForm(body);
  const { cache_salt: salt } = body;
  if (salt === "") {
    throw badRequest("Parameter 'cache_salt' must be a non-empty string if provided.", "cache_salt", AT_NAME);
  }
}

/** A message that ends with the parameter's name alone. */
const AT_NAME = null;

/** A number of tokens: −1 asks for all of them. */
export function checkCount(body: Dictionary, name: string): void {
  const value = body[name];
  if (value === undefined || value === null) return;
  if (typeof value !== "number" && typeof value !== "boolean") {
    throw badRequest(`\`${name}\` must be an integer.`, name, isDictionary(value) ? "{}" : String(value));
  }
  if (Number(value) < -1) throw badRequest(`\`${name}\` must be a positive value or -1.`, name, Number(value));
}

/** One form at most that an answer is bound to. */
function checkForm({ response_format: format, structured_outputs: outputs }: Dictionary): void {
  const isSchema = isDictionary(format) && format.type === "json_schema";
  if (isSchema && (format.json_schema === undefined || format.json_schema === null)) {
    const message = "When response_format type is 'json_schema', the 'json_schema' field must be provided.";
    throw badRequest(message, "response_format", AT_NAME);
  }
  if (!isDictionary(outputs)) return;
  const kinds = ["json", "regex", "choice"].filter((kind) => outputs[kind] !== undefined && outputs[kind] !== null);
  if (kinds.length > 1) {
    const message = "You can only use one kind of constraints for structured outputs ('json', 'regex' or 'choice').";
    throw badRequest(message, "structured_outputs", AT_NAME);
  }
}

/** What vLLM has and this engine has not: refused, because nothing may be ignored silently. */
export function checkSupported(body: Dictionary): void {
  const refuse = (name: string, what: string): ApiError =>
    badRequest(`The simulated engine has no ${what}.`, name, AT_NAME);
  if (body.use_beam_search) throw refuse("use_beam_search", "beam search");
  if (body.prompt_embeds) throw refuse("prompt_embeds", "prompts as embeddings");
  if (Array.isArray(body.logprob_token_ids)) throw refuse("logprob_token_ids", "probabilities of chosen tokens");
  if (typeof body.stream_interval === "number" && body.stream_interval > 1) {
    throw refuse("stream_interval", "chunks of several tokens");
  }
  if (isDictionary(body.repetition_detection)) throw refuse("repetition_detection", "detection of repetitions");
  const { structured_outputs: outputs, response_format: format } = body;
  if (isDictionary(outputs) && typeof outputs.grammar === "string") throw refuse("structured_outputs", "grammars");
  const isTag =
    (isDictionary(outputs) && typeof outputs.structural_tag === "string") ||
    (isDictionary(format) && format.type === "structural_tag");
  if (isTag) throw refuse(isDictionary(outputs) ? "structured_outputs" : "response_format", "structural tags");
}
