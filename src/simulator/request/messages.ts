import { encodeText } from "../text/pseudo-tokens.ts";
import type { Tool } from "../text/tool-calls.ts";
import { badRequest } from "./api-error.ts";
import { invalid } from "./body.ts";
import { type Dictionary, type Issue, isDictionary, listOf, model, text } from "./fields.ts";
import type { Prompt } from "./prompts.ts";

export interface ChatMessage {
  role: string;
  text: string;
  /** Calls of an assistant, as it wrote them. */
  calls: unknown[];
}

const ToolCalls = listOf(model({ id: text, function: model({ name: text, arguments: text }, ["name"]) }, ["function"]));

/** @param modelName for the refusal of what is no text; @throws ApiError in vLLM's wording */
export function messagesOf(given: unknown, modelName: string): ChatMessage[] {
  const issues: Issue[] = [];
  if (given === null) throw badRequest("'NoneType' object is not iterable");
  if (given === undefined) {
    throw invalid([{ type: "missing", loc: "body.messages", msg: "Field required", input: {} }]);
  }
  const messages = listOf((value, loc, found) => messageOf(value, loc, found, modelName))(
    given,
    "body.messages",
    issues,
  );
  if (issues.length > 0) throw invalid(issues);
  if (messages.length === 0) {
    throw badRequest("Cannot apply chat template to an empty conversation. Provide at least one message.");
  }
  return messages;
}

function messageOf(value: unknown, loc: string, issues: Issue[], modelName: string): ChatMessage {
  if (!isDictionary(value)) {
    issues.push({ type: "dict_type", loc, msg: "Input should be a valid dictionary", input: value });
    return { role: "", text: "", calls: [] };
  }
  const { role, content, tool_calls: calls = null } = value;
  if (role === undefined) issues.push({ type: "missing", loc: `${loc}.role`, msg: "Field required", input: value });
  else text(role, `${loc}.role`, issues);
  if (calls !== null) ToolCalls(calls, `${loc}.tool_calls`, issues);
  return {
    role: String(role),
    text: contentText(content, role === "assistant", `${loc}.content`, issues, modelName),
    calls: Array.isArray(calls) ? calls : [],
  };
}

/** Parts one after the other; only an assistant may have said nothing. */
function contentText(content: unknown, mayBeNull: boolean, loc: string, issues: Issue[], modelName: string): string {
  if (content === undefined || (content === null && mayBeNull)) return "";
  if (Array.isArray(content)) return content.map((part) => partText(part, modelName)).join("");
  return text(content, loc, issues) ?? "";
}

const MEDIA = ["image_url", "input_audio", "audio_url", "video_url", "image_embeds", "image_pil", "file"];

function partText(part: unknown, modelName: string): string {
  const { type, text: said }: Dictionary = isDictionary(part) ? part : {};
  if (type === "text" && typeof said === "string") return said;
  if (MEDIA.includes(String(type))) throw badRequest(`${modelName} is not a multimodal model`);
  throw badRequest("A content part must have the type 'text', and a text");
}

/** A chat template puts about this many tokens around each message, and before the answer. */
const TEMPLATE = [1, 2, 3, 4];

/** What a chat comes to: its messages, the tools it may call, and the beginning of the answer. */
export function promptOfChat(messages: readonly ChatMessage[], tools: readonly Tool[], opensAnswer: boolean): Prompt {
  const parts = messages.flatMap((message) => [
    ...TEMPLATE,
    ...encodeText(message.text),
    ...tokensOfList(message.calls),
  ]);
  return {
    tokens: [...tokensOfList(tools), ...parts, ...(opensAnswer ? TEMPLATE : [])],
    text: messages.map((message) => message.text).join("\n"),
  };
}

const tokensOfList = (values: readonly unknown[]) => (values.length === 0 ? [] : encodeText(JSON.stringify(values)));
