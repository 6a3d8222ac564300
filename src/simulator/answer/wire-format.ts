import type { Choice, GenerationRequest } from "../request/api-request.ts";
import { chatLogprobs, completionLogprobs } from "./logprobs.ts";
import { answerTokens, type Token } from "./words.ts";

/*
 * Answers in the shape of vLLM 0.32, keys and their order as recorded from it. A token costs one concatenation: all
 * that does not change within an answer is made once, because the client is measured on the same machine.
 */

/** Marks every answer; vLLM names its build here. */
const FINGERPRINT = "simulated";

export type FinishReason = "length" | "stop";

export interface WireFormat {
  /** Server-sent events that carry one token. @param usage counts at so many tokens, or null when not asked for */
  token(index: number, generated: number, finish: FinishReason | null, usage: UsageAt | null): string;
  /** The event after the last token. */
  usage(usage: string): string;
  /** The whole answer when it is not streamed. @param generated tokens of each choice */
  whole(generated: number[], finish: FinishReason, usage: string): string;
}

type UsageAt = (generated: number) => string;

export interface AnswerIdentity {
  id: string;
  /** Unix time in seconds. */
  created: number;
  /** Words in characters of several bytes. */
  multibyte: boolean;
}

export const DONE = "data: [DONE]\n\n";

export function usageCounts(promptTokens: number, completionTokens: number): string {
  return `"prompt_tokens":${promptTokens},"total_tokens":${promptTokens + completionTokens},"completion_tokens":${completionTokens}`;
}

export function wireFormat(request: GenerationRequest, identity: AnswerIdentity): WireFormat {
  return request.endpoint === "chat" ? chatFormat(request, identity) : completionFormat(request, identity);
}

const NO_DETAILS = `"prompt_tokens_details":null,"completion_tokens_details":null`;

function head(prefix: string, object: string, model: string, { id, created }: AnswerIdentity): string {
  return `{"id":${JSON.stringify(`${prefix}-${id}`)},"object":"${object}","created":${created},"model":${JSON.stringify(model)},"choices":[`;
}

function usageEvent(start: string, usage: string): string {
  return `data: ${start}],"usage":{${usage}},"system_fingerprint":"${FINGERPRINT}"}\n\n`;
}

const usageField = (usage: UsageAt | null, generated: number) =>
  usage === null ? "" : `,"usage":{${usage(generated)}}`;
const promptIds = (choice: Choice | undefined) => `[${choice?.prompt.join(",") ?? ""}]`;
const upTo = (count: number, tokenAt: (n: number) => Token) => Array.from({ length: count }, (_, i) => tokenAt(i + 1));
const idsOf = (tokens: Token[]) => `[${tokens.map(({ id }) => id).join(",")}]`;
const textOf = (tokens: Token[]) => tokens.map(({ text }) => text).join("");

function completionFormat(request: GenerationRequest, identity: AnswerIdentity): WireFormat {
  const { model, tokenIds, logprobs, choices } = request;
  const start = head("cmpl", "text_completion", model, identity);
  const tokenAt = answerTokens(identity.multibyte);
  const chances = (tokens: Token[]) => (logprobs ? completionLogprobs(tokens) : "null");
  return {
    token(index, generated, finish, usage) {
      const token = tokenAt(generated);
      const reason = finish === null ? "null" : `"${finish}"`;
      const prompt = tokenIds && generated === 1 ? promptIds(choices[index]) : "null";
      const ids = tokenIds ? `[${token.id}]` : "null";
      return `data: ${start}{"index":${index},"text":"${token.text}","logprobs":${chances([token])},"finish_reason":${reason},"stop_reason":null,"prompt_token_ids":${prompt},"token_ids":${ids}}]${usageField(usage, generated)}}\n\n`;
    },
    usage: (usage) => usageEvent(start, usage),
    whole(generated, finish, usage) {
      const answers = generated.map((count, index) => {
        const tokens = upTo(count, tokenAt);
        const [ids, prompt] = tokenIds ? [idsOf(tokens), promptIds(choices[index])] : ["null", "null"];
        return `{"index":${index},"text":"${textOf(tokens)}","logprobs":${chances(tokens)},"finish_reason":"${finish}","stop_reason":null,"token_ids":${ids},"prompt_logprobs":null,"prompt_token_ids":${prompt},"routed_experts":null}`;
      });
      return `${start}${answers.join(",")}],"service_tier":null,"system_fingerprint":"${FINGERPRINT}","usage":{${usage},${NO_DETAILS}},"kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}`;
    },
  };
}

function chatFormat(request: GenerationRequest, identity: AnswerIdentity): WireFormat {
  const { model, tokenIds, logprobs, choices } = request;
  const start = head("chatcmpl", "chat.completion.chunk", model, identity);
  const tokenAt = answerTokens(identity.multibyte);
  const chances = (tokens: Token[]) => (logprobs ? chatLogprobs(tokens) : "null");
  return {
    token(index, generated, finish, usage) {
      const token = tokenAt(generated);
      const end = finish === null ? "null" : `"${finish}","stop_reason":null`;
      const prompt = tokenIds ? promptIds(choices[index]) : "null";
      const role =
        generated === 1
          ? `data: ${start}{"index":${index},"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]${usageField(usage, 0)},"prompt_token_ids":${prompt},"prompt_text":null}\n\n`
          : "";
      const ids = tokenIds ? `[${token.id}]` : "null";
      return `${role}data: ${start}{"index":${index},"delta":{"content":"${token.text}"},"logprobs":${chances([token])},"finish_reason":${end},"token_ids":${ids}}]${usageField(usage, generated)}}\n\n`;
    },
    usage: (usage) => usageEvent(start, usage),
    whole(generated, finish, usage) {
      const whole = head("chatcmpl", "chat.completion", model, identity);
      const answers = generated.map((count, index) => {
        const tokens = upTo(count, tokenAt);
        const ids = tokenIds ? idsOf(tokens) : "null";
        return `{"index":${index},"message":{"role":"assistant","content":"${textOf(tokens)}","refusal":null,"annotations":null,"audio":null,"function_call":null,"tool_calls":[],"reasoning":null},"logprobs":${chances(tokens)},"finish_reason":"${finish}","stop_reason":null,"token_ids":${ids}}`;
      });
      const prompt = tokenIds ? promptIds(choices[0]) : "null";
      return `${whole}${answers.join(",")}],"service_tier":null,"system_fingerprint":"${FINGERPRINT}","usage":{${usage},${NO_DETAILS}},"prompt_logprobs":null,"prompt_token_ids":${prompt},"kv_transfer_params":null}`;
    },
  };
}
