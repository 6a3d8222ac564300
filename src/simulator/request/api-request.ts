import { NoInstance } from "../text/form/no-instance.ts";
import { badRequest } from "./api-error.ts";
import { type Model, parseBody } from "./body.ts";
import { chatRequest } from "./chat-request.ts";
import { completionRequest } from "./completion-request.ts";
import type { Endpoint, GenerationRequest } from "./generation.ts";

/**
 * What a body asks for.
 * @param multibyte whether words are to have characters of several bytes
 * @throws ApiError in vLLM's wording
 */
export function parseGenerationRequest(
  endpoint: Endpoint,
  text: string,
  model: Model,
  multibyte: boolean,
): GenerationRequest {
  const body = parseBody(text);
  try {
    return endpoint === "chat" ? chatRequest(body, model, multibyte) : completionRequest(body, model, multibyte);
  } catch (error) {
    if (error instanceof NoInstance) throw badRequest(`Grammar error: ${error.message}`);
    throw error;
  }
}
