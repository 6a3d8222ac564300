import type { GenerationRequest } from "../request/api-request.ts";
import { firstTokens, messageOf } from "../text/script.ts";
import type { Token } from "../text/tokens.ts";
import { completionLogprobs } from "./logprobs.ts";
import {
  type AnswerIdentity,
  FINGERPRINT,
  head,
  idsOf,
  NO_DETAILS,
  promptIds,
  quoted,
  usageField,
  type WireFormat,
} from "./wire-parts.ts";

export function completionFormat(request: GenerationRequest, identity: AnswerIdentity): WireFormat {
  const { model, tokenIds, logprobs, choices } = request;
  const start = head("cmpl", "text_completion", model, identity);
  const last = request.includeUsage ? "" : `,${FINGERPRINT}`;
  const chances = (tokens: readonly Token[]) => (logprobs ? completionLogprobs(tokens) : "null");
  return {
    token(index, generated, finish, usage) {
      const { script } = choices[index]!;
      const token = script.tokenAt(generated);
      const stop = finish === null ? "null" : JSON.stringify(script.stopReason);
      const prompt = tokenIds && generated === 1 ? promptIds(choices[index]) : "null";
      const ids = tokenIds ? `[${token.id}]` : "null";
      return `data: ${start}{"index":${index},"text":${token.json},"logprobs":${chances([token])},"finish_reason":${quoted(finish)},"stop_reason":${stop},"prompt_token_ids":${prompt},"token_ids":${ids}}]${usageField(usage, generated)}${finish === null ? "" : last}}\n\n`;
    },
    usage: (usage) => `data: ${start}],"usage":{${usage}},${FINGERPRINT}}\n\n`,
    whole(generated, finishes, usage) {
      const answers = generated.map((count, index) => {
        const { script } = choices[index]!;
        const tokens = firstTokens(script, count);
        const [ids, prompt] = tokenIds ? [idsOf(tokens), promptIds(choices[index])] : ["null", "null"];
        return `{"index":${index},"text":${JSON.stringify(messageOf(tokens).content)},"logprobs":${chances(tokens)},"finish_reason":${quoted(finishes[index]!)},"stop_reason":${JSON.stringify(script.stopReason)},"token_ids":${ids},"prompt_logprobs":null,"prompt_token_ids":${prompt},"routed_experts":null}`;
      });
      return `${start}${answers.join(",")}],"service_tier":null,${FINGERPRINT},"usage":{${usage},${NO_DETAILS}},"kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}`;
    },
  };
}
