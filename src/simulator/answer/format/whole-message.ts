import type { ChatAnswer } from "../../request/generation.ts";
import { type Call, type FinishReason, messageOf } from "../../text/script.ts";
import type { Token } from "../../text/tokens.ts";

/** The message of an answer that is not streamed: keys and their order as vLLM 0.32 has them. */
export function wholeMessage(tokens: readonly Token[], finish: FinishReason, chat: ChatAnswer): string {
  const { content, reasoning, calls } = messageOf(tokens);
  // vLLM takes calls that were cut off for text, other than in a stream.
  const isCut = finish === "length" && calls.length > 0;
  const text = chat.echo + (isCut ? asWritten(calls) : content);
  return JSON.stringify({
    role: chat.role,
    content: text === "" ? chat.emptyContent : text,
    refusal: null,
    annotations: null,
    audio: null,
    function_call: null,
    ...(calls.length === 0 || isCut ? {} : { tool_calls: calls.map(callOf) }),
    reasoning: reasoning === "" ? null : reasoning,
  });
}

const callOf = ({ id, name, arguments: text }: Call) => ({ id, type: "function", function: { name, arguments: text } });

/** In the format of Hermes, without its end. */
const asWritten = (calls: readonly Call[]) =>
  calls
    .map(({ name, arguments: text }) => `<tool_call>{"name": ${JSON.stringify(name)}, "arguments": ${text}`)
    .join("}</tool_call>");
