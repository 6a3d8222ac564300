import type { GenerationRequest } from "../../request/generation.ts";
import { type FinishReason, firstTokens } from "../../text/script.ts";
import type { Token } from "../../text/tokens.ts";
import { chatLogprobs, promptLogprobs } from "./logprobs.ts";
import { wholeMessage } from "./whole-message.ts";
import {
  type AnswerIdentity,
  FINGERPRINT,
  head,
  idsOf,
  promptIds,
  type UsageAt,
  usageField,
  type WireFormat,
} from "./wire-parts.ts";

export function chatFormat(request: GenerationRequest, identity: AnswerIdentity): WireFormat {
  const { model, tokenIds, logprobs, choices, chat } = request;
  const start = head("chatcmpl", "chat.completion.chunk", model, identity);
  const last = request.includeUsage ? "" : `,${FINGERPRINT}`;
  const prompt = tokenIds ? promptIds(choices[0]) : "null";
  const role = JSON.stringify(chat.role);
  const promptText = JSON.stringify(chat.promptText);
  const chances = (tokens: readonly Token[]) => (logprobs === null ? "null" : chatLogprobs(tokens, logprobs));
  const opening = (index: number, delta: string, usage: UsageAt | null) =>
    `data: ${start}{"index":${index},"delta":${delta},"logprobs":null,"finish_reason":null}]${usageField(usage, 0)}`;
  const begin = (index: number, usage: UsageAt | null) => {
    const message = opening(index, `{"role":${role},"content":""}`, usage);
    const echo = chat.echo === "" ? "" : `${opening(index, JSON.stringify({ content: chat.echo }), usage)}}\n\n`;
    return `${message},"prompt_token_ids":${prompt},"prompt_text":${promptText}}\n\n${echo}`;
  };
  const endOf = (index: number, finish: FinishReason) =>
    `"${finish}","stop_reason":${JSON.stringify(choices[index]!.script.stopReason)}`;
  return {
    token(index, generated, finish, usage) {
      const token = choices[index]!.script.tokenAt(generated);
      const first = generated === 1 ? begin(index, usage) : "";
      const isSilent = token.delta === null && finish === null && logprobs === null && !tokenIds;
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
        const finish = finishes[index]!;
        const ids = tokenIds ? idsOf(tokens) : "null";
        return `{"index":${index},"message":${wholeMessage(tokens, finish, chat)},"logprobs":${chances(tokens)},"finish_reason":${endOf(index, finish)},"token_ids":${ids},"routed_experts":null}`;
      });
      const chancesOfPrompt = promptLogprobs(choices[0]!.prompt, request.promptLogprobs);
      return `${whole}${answers.join(",")}],"service_tier":null,${FINGERPRINT},"usage":{${usage}},"prompt_logprobs":${chancesOfPrompt},"prompt_token_ids":${prompt},"prompt_text":${promptText},"kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}`;
    },
  };
}
