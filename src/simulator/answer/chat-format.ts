import type { GenerationRequest } from "../request/api-request.ts";
import { type FinishReason, firstTokens, messageOf } from "../text/script.ts";
import type { Token } from "../text/tokens.ts";
import { chatLogprobs } from "./logprobs.ts";
import {
  type AnswerIdentity,
  FINGERPRINT,
  head,
  idsOf,
  NO_DETAILS,
  promptIds,
  type UsageAt,
  usageField,
  type WireFormat,
} from "./wire-parts.ts";

export function chatFormat(request: GenerationRequest, identity: AnswerIdentity): WireFormat {
  const { model, tokenIds, logprobs, choices } = request;
  const start = head("chatcmpl", "chat.completion.chunk", model, identity);
  const last = request.includeUsage ? "" : `,${FINGERPRINT}`;
  const prompt = tokenIds ? promptIds(choices[0]) : "null";
  const chances = (tokens: readonly Token[]) => (logprobs ? chatLogprobs(tokens) : "null");
  const begin = (index: number, usage: UsageAt | null) =>
    `data: ${start}{"index":${index},"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]${usageField(usage, 0)},"prompt_token_ids":${prompt},"prompt_text":null}\n\n`;
  const endOf = (index: number, finish: FinishReason) =>
    `"${finish}","stop_reason":${JSON.stringify(choices[index]!.script.stopReason)}`;
  return {
    token(index, generated, finish, usage) {
      const token = choices[index]!.script.tokenAt(generated);
      const first = generated === 1 ? begin(index, usage) : "";
      const isSilent = token.delta === null && finish === null && !logprobs && !tokenIds;
      if (isSilent) return first;
      const end = finish === null ? "null" : endOf(index, finish);
      const ids = tokenIds ? `[${token.id}]` : "null";
      return `${first}data: ${start}{"index":${index},"delta":${token.delta ?? "{}"},"logprobs":${chances([token])},"finish_reason":${end},"token_ids":${ids}}]${usageField(usage, generated)}${finish === null ? "" : last}}\n\n`;
    },
    usage: (usage) => `data: ${start}],"usage":{${usage}},${FINGERPRINT}}\n\n`,
    whole(generated, finishes, usage) {
      const whole = head("chatcmpl", "chat.completion", model, identity);
      const answers = generated.map((count, index) => {
        const tokens = firstTokens(choices[index]!.script, count);
        const ids = tokenIds ? idsOf(tokens) : "null";
        return `{"index":${index},"message":${wholeMessage(tokens)},"logprobs":${chances(tokens)},"finish_reason":${endOf(index, finishes[index]!)},"token_ids":${ids},"routed_experts":null}`;
      });
      return `${whole}${answers.join(",")}],"service_tier":null,${FINGERPRINT},"usage":{${usage},${NO_DETAILS}},"prompt_logprobs":null,"prompt_token_ids":${prompt},"prompt_text":null,"kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}`;
    },
  };
}

function wholeMessage(tokens: readonly Token[]): string {
  const { content } = messageOf(tokens);
  return `{"role":"assistant","content":${JSON.stringify(content)},"refusal":null,"annotations":null,"audio":null,"function_call":null,"reasoning":null}`;
}
