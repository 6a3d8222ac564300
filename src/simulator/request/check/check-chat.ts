import { badRequest } from "../api-error.ts";
import { type Dictionary, isDictionary } from "../fields.ts";
import { checkCount } from "./check-options.ts";

/** What vLLM checks of chat before it looks at types. @throws ApiError in its wording */
export function checkChatOptions(body: Dictionary): void {
  if (body.continue_final_message && body.add_generation_prompt) {
    throw badRequest("Cannot set both `continue_final_message` and `add_generation_prompt` to True.");
  }
  checkCount(body, "top_logprobs");
  const { top_logprobs: top } = body;
  if (typeof top === "number" && top !== 0 && !body.logprobs) {
    throw badRequest("when using `top_logprobs`, `logprobs` must be set to true.", "top_logprobs", null);
  }
  if (typeof body.chat_template === "string") {
    const message =
      "Chat template is passed with request, but --trust-request-chat-template is not set. Refused request with untrusted chat template.";
    throw badRequest(message);
  }
  const budget = body.thinking_token_budget ?? null;
  if (budget !== null && (!Number.isInteger(budget) || (budget as number) < -1)) {
    const message = "`thinking_token_budget` must be a non-negative integer or -1 for unlimited.";
    throw badRequest(message, "thinking_token_budget", String(budget));
  }
  for (const name of ["mm_processor_kwargs", "media_io_kwargs"]) {
    const value = body[name];
    if (!isDictionary(value) || Object.keys(value).length === 0) continue;
    throw badRequest(`Per-request ${name} are disabled by default.`, name, null);
  }
}
