import { type Model, parseBody, readBody } from "../request/body.ts";
import { Tools, toolsOf } from "../request/check/check-tools.ts";
import { bool, int, listOf, model as modelOf, nullable, text } from "../request/fields.ts";
import { messagesOf, promptOfChat } from "../request/messages.ts";
import { decodeTokens, encodeText } from "../text/pseudo-tokens.ts";

const named = { model: nullable(text), return_token_strs: nullable(bool) };
const TokenizeText = modelOf({ ...named, prompt: text }, ["prompt"]);
const TokenizeChat = modelOf({ ...named, tools: nullable(Tools), add_generation_prompt: nullable(bool) });
const Detokenize = modelOf({ ...named, tokens: listOf(int({ min: 0 })) }, ["tokens"]);

/** Answers `/tokenize`. @throws ApiError */
export function tokenize(given: string, model: Model): unknown {
  const body = parseBody(given);
  const [tokens, strings] = body.messages === undefined ? tokensOfText(body, model) : tokensOfChat(body, model);
  const texts = strings ? tokens.map((token) => decodeTokens([token])) : null;
  return { count: tokens.length, max_model_len: model.maxModelLen, tokens, token_strs: texts };
}

function tokensOfText(body: Record<string, unknown>, model: Model): [readonly number[], boolean] {
  const { prompt = "", return_token_strs: strings } = readBody(body, TokenizeText, model);
  return [encodeText(prompt), strings ?? false];
}

function tokensOfChat(body: Record<string, unknown>, model: Model): [readonly number[], boolean] {
  const { tools, add_generation_prompt: opens, return_token_strs: strings } = readBody(body, TokenizeChat, model);
  const { tokens } = promptOfChat(messagesOf(body.messages, model.name), toolsOf(tools), opens ?? true);
  return [tokens, strings ?? false];
}

/** Answers `/detokenize`. @throws ApiError */
export function detokenize(given: string, model: Model): unknown {
  const { tokens = [] } = readBody(parseBody(given), Detokenize, model);
  return { prompt: decodeTokens(tokens) };
}
