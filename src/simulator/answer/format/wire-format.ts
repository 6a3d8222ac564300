import type { GenerationRequest } from "../../request/generation.ts";
import { chatFormat } from "./chat-format.ts";
import { completionFormat } from "./completion-format.ts";
import type { AnswerIdentity, WireFormat } from "./wire-parts.ts";

export function wireFormat(request: GenerationRequest, identity: AnswerIdentity): WireFormat {
  return request.endpoint === "chat" ? chatFormat(request, identity) : completionFormat(request, identity);
}
