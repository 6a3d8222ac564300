import type { GenerationRequest } from "../../request/generation.ts";
import { firstTokens, messageOf } from "../../text/script.ts";
import type { Token } from "../../text/tokens.ts";
import { completionLogprobs, promptLogprobs } from "./logprobs.ts";
import {
  type AnswerIdentity,
  FINGERPRINT,
  head,
  idsOf,
  promptIds,
  quoted,
  usageField,
  type WireFormat,
} from "./wire-parts.ts";

export function completionFormat(request: GenerationRequest, identity: AnswerIdentity): WireFormat {
  const { model, tokenIds, logprobs, choices, echo } = request;
  const start = head("cmpl", "text_completion", model, identity);
  const last = request.includeUsage ? "" : `,${FINGERPRINT}`;
  /** @param before tokens before these, in a stream */
  const chances = (index: number, tokens: readonly Token[], before: number) => {
    if (logprobs === null) return "null";
    const { prompt, script } = choices[index]!;
    const repeated = echo === null ? [] : prompt;
    const shown = before === 0 ? repeated : [];
    return completionLogprobs(
      shown,
      tokens,
      before === 0 ? 0 : lengthOf(echo?.[index], firstTokens(script, before)),
      logprobs,
    );
  };
  return {
    token(index, generated, finish, usage) {
      const { script } = choices[index]!;
      const token = script.tokenAt(generated);
      const stop = finish === null ? "null" : JSON.stringify(script.stopReason);
      const isFirst = generated === 1;
      // vLLM sends these with a prompt that is repeated as well.
      const prompt = isFirst && (tokenIds || echo !== null) ? promptIds(choices[index]) : "null";
      const text = isFirst && echo !== null ? JSON.stringify(echo[index] + messageOf([token]).content) : token.json;
      const ids = tokenIds ? `[${token.id}]` : "null";
      return `data: ${start}{"index":${index},"text":${text},"logprobs":${chances(index, [token], generated - 1)},"finish_reason":${quoted(finish)},"stop_reason":${stop},"prompt_token_ids":${prompt},"token_ids":${ids}}]${usageField(usage, generated)}${finish === null ? "" : last}}\n\n`;
    },
    usage: (usage) => `data: ${start}],"usage":{${usage}},${FINGERPRINT}}\n\n`,
    whole(generated, finishes, usage) {
      const answers = generated.map((count, index) => {
        const { script, prompt } = choices[index]!;
        const tokens = firstTokens(script, count);
        const text = (echo?.[index] ?? "") + messageOf(tokens).content;
        const ids = tokenIds ? idsOf(tokens) : "null";
        return `{"index":${index},"text":${JSON.stringify(text)},"logprobs":${chances(index, tokens, 0)},"finish_reason":${quoted(finishes[index]!)},"stop_reason":${JSON.stringify(script.stopReason)},"token_ids":${ids},"prompt_logprobs":${promptLogprobs(prompt, request.promptLogprobs)},"prompt_token_ids":${tokenIds ? promptIds(choices[index]) : "null"},"routed_experts":null}`;
      });
      return `${start}${answers.join(",")}],"service_tier":null,${FINGERPRINT},"usage":{${usage}},"kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}`;
    },
  };
}

const lengthOf = (echo: string | undefined, tokens: readonly Token[]) =>
  tokens.reduce((sum, { text }) => sum + text.length, echo?.length ?? 0);
