import type { Endpoint } from "./api-request.ts";

/*
 * Answers in the shape of vLLM 0.32, keys and their order as recorded from it. A token costs one concatenation: all
 * that does not change within an answer is made once, because the client is measured on the same machine.
 */

/** Marks every answer; vLLM names its build here. */
const FINGERPRINT = "simulated";

const WORDS = " this answer is simulated and means nothing".split(/(?= )/);

/** Text of the n-th token, counted from 1. */
function tokenText(n: number): string {
  return WORDS[(n - 1) % WORDS.length] as string;
}

export interface WireFormat {
  /** Server-sent events that carry one token. @param usage counts so far, or null when not asked for */
  token(index: number, generated: number, last: boolean, usage: string | null): string;
  /** The event after the last token. */
  usage(usage: string): string;
  /** The whole answer when it is not streamed. @param maxTokens generated tokens of each choice */
  whole(maxTokens: number[], usage: string): string;
}

export interface AnswerIdentity {
  id: string;
  /** Unix time in seconds. */
  created: number;
  model: string;
}

export const DONE = "data: [DONE]\n\n";

export function usageCounts(promptTokens: number, completionTokens: number): string {
  return `"prompt_tokens":${promptTokens},"total_tokens":${promptTokens + completionTokens},"completion_tokens":${completionTokens}`;
}

export function wireFormat(endpoint: Endpoint, identity: AnswerIdentity): WireFormat {
  return endpoint === "chat" ? chatFormat(identity) : completionFormat(identity);
}

const NO_DETAILS = `"prompt_tokens_details":null,"completion_tokens_details":null`;

function head(prefix: string, object: string, { id, created, model }: AnswerIdentity): string {
  return `{"id":"${prefix}-${id}","object":"${object}","created":${created},"model":${JSON.stringify(model)},"choices":[`;
}

function usageEvent(start: string, usage: string): string {
  return `data: ${start}],"usage":{${usage}},"system_fingerprint":"${FINGERPRINT}"}\n\n`;
}

const usageField = (usage: string | null) => (usage === null ? "" : `,"usage":{${usage}}`);

function completionFormat(identity: AnswerIdentity): WireFormat {
  const start = head("cmpl", "text_completion", identity);
  const nulls = `"stop_reason":null,"prompt_token_ids":null,"token_ids":null}]`;
  return {
    token(index, generated, last, usage) {
      const reason = last ? `"length"` : "null";
      return `data: ${start}{"index":${index},"text":"${tokenText(generated)}","logprobs":null,"finish_reason":${reason},${nulls}${usageField(usage)}}\n\n`;
    },
    usage: (usage) => usageEvent(start, usage),
    whole(maxTokens, usage) {
      const choices = maxTokens.map(
        (tokens, index) =>
          `{"index":${index},"text":"${textOf(tokens)}","logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null,"prompt_logprobs":null,"prompt_token_ids":null,"routed_experts":null}`,
      );
      return `${start}${choices.join(",")}],"service_tier":null,"system_fingerprint":"${FINGERPRINT}","usage":{${usage},${NO_DETAILS}},"kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}`;
    },
  };
}

function chatFormat(identity: AnswerIdentity): WireFormat {
  const start = head("chatcmpl", "chat.completion.chunk", identity);
  return {
    token(index, generated, last, usage) {
      const end = last ? `"length","stop_reason":null` : "null";
      const role =
        generated === 1
          ? `data: ${start}{"index":${index},"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]${usageField(usage)},"prompt_token_ids":null,"prompt_text":null}\n\n`
          : "";
      return `${role}data: ${start}{"index":${index},"delta":{"content":"${tokenText(generated)}"},"logprobs":null,"finish_reason":${end},"token_ids":null}]${usageField(usage)}}\n\n`;
    },
    usage: (usage) => usageEvent(start, usage),
    whole(maxTokens, usage) {
      const whole = head("chatcmpl", "chat.completion", identity);
      const choices = maxTokens.map(
        (tokens, index) =>
          `{"index":${index},"message":{"role":"assistant","content":"${textOf(tokens)}","refusal":null,"annotations":null,"audio":null,"function_call":null,"tool_calls":[],"reasoning":null},"logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null}`,
      );
      return `${whole}${choices.join(",")}],"service_tier":null,"system_fingerprint":"${FINGERPRINT}","usage":{${usage},${NO_DETAILS}},"prompt_logprobs":null,"prompt_token_ids":null,"kv_transfer_params":null}`;
    },
  };
}

function textOf(tokens: number): string {
  return Array.from({ length: tokens }, (_, i) => tokenText(i + 1)).join("");
}
