import type { Takes } from "../result/document/takes.ts";
import type { Endpoint } from "./prompts.ts";
import { idsWithin } from "./vocabulary.ts";

/** What vLLM takes, and what is sent to a server that was not asked. */
export function everything(endpoint: Endpoint): Takes {
  return {
    ...(endpoint === "chat" ? {} : { tokenIds: idsWithin(undefined) }),
    limit: endpoint === "chat" ? "max_completion_tokens" : "max_tokens",
    exactLengths: "ignore_eos",
    asksUsage: true,
    refused: {},
  };
}
