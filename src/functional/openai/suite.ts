import type { Case } from "../model/case.ts";
import { CHAT_ANSWER } from "./chat/answer.ts";
import { CHAT_FORMATS } from "./chat/formats.ts";
import { CHAT_LIMITS } from "./chat/limits.ts";
import { CHAT_LOGPROBS } from "./chat/logprobs.ts";
import { CHAT_MESSAGES } from "./chat/messages.ts";
import { CHAT_REASONING } from "./chat/reasoning.ts";
import { CHAT_SAMPLING } from "./chat/sampling.ts";
import { CHAT_STREAM } from "./chat/stream.ts";
import { CHAT_STRUCTURED } from "./chat/structured.ts";
import { CHAT_TOOL_STREAMS } from "./chat/tool-streams.ts";
import { CHAT_TOOLS } from "./chat/tools.ts";
import { COMPLETION_ANSWER } from "./completions/answer.ts";
import { COMPLETION_LOGPROBS } from "./completions/logprobs.ts";
import { COMPLETION_PROMPTS } from "./completions/prompts.ts";
import { COMPLETION_STREAM } from "./completions/stream.ts";
import { BAD_REQUESTS } from "./errors/requests.ts";
import { BAD_VALUES } from "./errors/values.ts";
import { MODELS } from "./models.ts";
import { TOKENIZE } from "./tokenize.ts";

/** The shipped suite: what clients of OpenAI's API rely on, topic by topic. */
export const OPENAI_SUITE: readonly Case[] = [
  ...MODELS,
  ...CHAT_ANSWER,
  ...CHAT_MESSAGES,
  ...CHAT_LIMITS,
  ...CHAT_SAMPLING,
  ...CHAT_STREAM,
  ...CHAT_LOGPROBS,
  ...CHAT_TOOLS,
  ...CHAT_TOOL_STREAMS,
  ...CHAT_FORMATS,
  ...CHAT_STRUCTURED,
  ...CHAT_REASONING,
  ...COMPLETION_ANSWER,
  ...COMPLETION_PROMPTS,
  ...COMPLETION_STREAM,
  ...COMPLETION_LOGPROBS,
  ...TOKENIZE,
  ...BAD_VALUES,
  ...BAD_REQUESTS,
];
