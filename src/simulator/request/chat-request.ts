import type { Token } from "../text/tokens.ts";
import { callTokens, toolsToCall } from "../text/tool-calls.ts";
import { reasoningTokens } from "../text/words.ts";
import { type Model, readBody } from "./body.ts";
import { checkChatOptions } from "./check/check-chat.ts";
import { checkOptions, checkSupported } from "./check/check-options.ts";
import { checkLogprobs } from "./check/check-sampling.ts";
import { checkTools, Tools, toolChoiceOf, toolsOf } from "./check/check-tools.ts";
import { COMMON_FIELDS } from "./common-fields.ts";
import { bool, type Dictionary, dictionary, int, literal, model as modelOf, nullable, text } from "./fields.ts";
import { formOf } from "./forms.ts";
import { choicesOf, commonParts, type GenerationRequest, type Speech, speechOf } from "./generation.ts";
import { type ChatMessage, messagesOf, promptOfChat } from "./messages.ts";
import { truncated } from "./prompts.ts";

const ChatBody = modelOf({
  ...COMMON_FIELDS,
  max_completion_tokens: nullable(int()),
  logprobs: nullable(bool),
  top_logprobs: nullable(int()),
  tools: nullable(Tools),
  parallel_tool_calls: nullable(bool),
  reasoning_effort: nullable(literal("none", "minimal", "low", "medium", "high", "xhigh", "max")),
  include_reasoning: bool,
  chat_template: nullable(text),
  chat_template_kwargs: nullable(dictionary),
  add_generation_prompt: bool,
  continue_final_message: bool,
  return_prompt_text: nullable(bool),
});
type Body = ReturnType<typeof readChat>;
const readChat = (given: Dictionary, model: Model) => readBody(given, ChatBody, model);

/** @throws ApiError in vLLM's wording, NoInstance */
export function chatRequest(given: Dictionary, model: Model, multibyte: boolean): GenerationRequest {
  checkChatOptions(given);
  checkTools(given);
  checkOptions(given);
  const body = readChat(given, model);
  checkSupported(given);
  const messages = messagesOf(given.messages, model.name);
  const tools = toolsOf(body.tools);
  const opensAnswer = body.add_generation_prompt ?? true;
  const prompt = truncated(promptOfChat(messages, tools, opensAnswer), body, model);
  checkLogprobs(body.logprobs === true ? (body.top_logprobs ?? 0) : null, "logprobs", "sample");
  checkLogprobs(body.prompt_logprobs ?? null, "prompt_logprobs", "prompt");
  const byNewName = body.max_completion_tokens ?? null;
  const choice = toolChoiceOf(given.tool_choice, tools);
  const last = messages.at(-1) as ChatMessage;
  const called = toolsToCall(tools, choice, last.role === "user" ? last.text : "", body.parallel_tool_calls !== false);
  const form = called.length > 0 ? null : formOf(body);
  const reasoning = reasoningOf(body, model);
  const speak = (): Speech => {
    const finish = choice.kind === "named" ? "stop" : "tool_calls";
    const speech: Speech =
      called.length > 0 ? { tokens: callTokens(called), ends: "strictly", finish } : speechOf(form, prompt.text, model);
    return reasoning === null ? speech : { ...speech, tokens: [...reasoning, ...speech.tokens] };
  };
  // With reasoning left out, vLLM hides what would tell its tokens.
  const hides = body.include_reasoning === false;
  const common = commonParts(body, model);
  const role = opensAnswer ? "assistant" : last.role;
  return {
    ...common,
    endpoint: "chat",
    choices: choicesOf({
      body,
      prompt,
      wanted: byNewName ?? body.max_tokens ?? null,
      wantedBy: byNewName === null ? "max_tokens" : "max_completion_tokens",
      multibyte,
      model,
      speak,
    }),
    promptTokens: prompt.tokens.length,
    tokenIds: common.tokenIds && !hides,
    logprobs:
      body.logprobs === true && !hides
        ? { top: body.top_logprobs ?? 0, asIds: body.return_tokens_as_token_ids ?? false }
        : null,
    promptLogprobs: body.prompt_logprobs ?? (body.echo === true ? (body.top_logprobs ?? 0) : null),
    echo: null,
    chat: {
      role,
      emptyContent:
        choice.kind === "named" || choice.kind === "required"
          ? ""
          : called.length > 0 || reasoning !== null
            ? null
            : "",
      // But for the tokens before and after them.
      reasoningWords: reasoning === null ? null : reasoning.length - 2,
      promptText: body.return_prompt_text === true ? prompt.text : null,
      echo: body.echo === true && last.role === role ? last.text : "",
    },
  };
}

/** Reasoning comes where the template is told to enable it, or an effort is named; hidden where it is not to be included. */
function reasoningOf(body: Body, { reasons }: Model): Token[] | null {
  const { enable_thinking: enabled, thinking } = body.chat_template_kwargs ?? {};
  const { reasoning_effort: effort = null } = body;
  const isWanted = (enabled ?? thinking ?? (effort === null ? reasons : effort !== "none")) === true;
  if (!isWanted) return null;
  const budget = body.thinking_token_budget ?? -1;
  return reasoningTokens(budget === -1 ? Number.POSITIVE_INFINITY : budget, body.include_reasoning !== false);
}
