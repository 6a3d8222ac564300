import { accepts, drop, json, type Mutate, moreText, only, set, status, text } from "../mutations.ts";

const CHOICE = ["choices", 0] as const;
const message = (key: string) => [...CHOICE, "message", key];
const usage = (key: string) => ["usage", key];
const fewer = (by: number) => (count: number) => count - by;
const sameCounts = only(1, set(usage("prompt_tokens"), 1));

/** One way to be wrong for each case about whole chats. */
export const CHAT_DEVIATIONS: Readonly<Record<string, Mutate>> = {
  "chat.answer.object": set(["object"], "chat"),
  "chat.answer.id": drop(["id"]),
  "chat.answer.id.own": set(["id"], "always-this"),
  "chat.answer.created": set(["created"], () => Date.now()),
  "chat.answer.model": set(["model"], "another"),
  "chat.answer.choice": set([...CHOICE, "index"], 1),
  "chat.answer.role": set(message("role"), "user"),
  "chat.answer.content": text(""),
  "chat.answer.finish": set([...CHOICE, "finish_reason"], null),
  "chat.answer.no-calls": set(message("tool_calls"), [{ id: "a" }]),
  "chat.answer.usage": set(usage("total_tokens"), (total: number) => total + 1),
  "chat.answer.usage.same": only(
    1,
    json(({ usage: counts }) => {
      counts.prompt_tokens += 1;
      counts.total_tokens += 1;
    }),
  ),
  "chat.answer.two-at-once": set(["id"], "always-this"),
  "chat.messages.system": sameCounts,
  "chat.messages.turns": sameCounts,
  "chat.messages.developer": status(400),
  "chat.messages.name": status(400),
  "chat.messages.parts": status(400),
  "chat.messages.parts.same": only(
    1,
    json(({ usage: counts }) => {
      counts.prompt_tokens += 1;
      counts.total_tokens += 1;
    }),
  ),
  "chat.messages.parts.all": sameCounts,
  "chat.messages.unicode": sameCounts,
  "chat.messages.escapes": sameCounts,
  "chat.messages.empty": status(400),
  "chat.messages.long": sameCounts,
  "chat.messages.assistant-last": status(400),
  "chat.max_tokens": json(({ usage: counts }) => {
    counts.completion_tokens += 1;
    counts.total_tokens += 1;
  }),
  "chat.max_tokens.one": set([...CHOICE, "finish_reason"], "stop"),
  "chat.max_completion_tokens": json(({ usage: counts }) => {
    counts.completion_tokens += 9;
    counts.total_tokens += 9;
  }),
  "chat.max_tokens.prefix": only(0, text("something else")),
  "chat.min_tokens": json(({ usage: counts }) => {
    counts.completion_tokens -= 1;
    counts.total_tokens -= 1;
  }),
  "chat.ignore_eos": set([...CHOICE, "finish_reason"], "stop"),
  "chat.stop": only(1, moreText),
  "chat.stop.list": only(1, set([...CHOICE, "finish_reason"], "length")),
  "chat.stop.unmet": only(1, moreText),
  "chat.stop.four": status(400),
  "chat.temperature.same": only(1, moreText),
  "chat.seed.same": only(1, moreText),
  "chat.seed.other": text("always this"),
  "chat.n": json((body) => void body.choices.pop()),
  "chat.n.usage": set(usage("completion_tokens"), 1),
  "chat.logprobs.count": json(({ choices: [{ logprobs }] }) => void logprobs.content.splice(0, 3)),
  "chat.logprobs.token": drop([...CHOICE, "logprobs", "content", 0, "token"]),
  "chat.logprobs.number": set([...CHOICE, "logprobs", "content", 0, "logprob"], 0.5),
  "chat.logprobs.bytes": set([...CHOICE, "logprobs", "content", 0, "bytes"], ["a"]),
  "chat.logprobs.text": set([...CHOICE, "logprobs", "content", 0, "token"], "nothing of it"),
  "chat.logprobs.top": set([...CHOICE, "logprobs", "content", 0, "top_logprobs"], []),
  "chat.logprobs.top.entry": drop([...CHOICE, "logprobs", "content", 0, "top_logprobs", 0, "logprob"]),
  "chat.logprobs.greedy": set([...CHOICE, "logprobs", "content", 0, "logprob"], -99),
  "chat.logprobs.none-on-top": set([...CHOICE, "logprobs"], null),
  "chat.logprobs.unasked": set([...CHOICE, "logprobs"], { content: [{}] }),
  "chat.logprobs.too-many": accepts,
  "chat.logprobs.top-alone": accepts,
  "chat.format.text": status(400),
  "chat.format.json_object": text("no JSON"),
  "chat.format.json_schema": text('{"colour": "pink", "deep": true}'),
  "chat.format.json_schema.nested": text('{"place": {}, "salty": true}'),
  "chat.format.json_schema.list": text('{"days": ["Mon"]}'),
  "chat.format.json_schema.any": text('{"depth": 7}'),
  "chat.format.json_schema.refers": text('{"first": "wave"}'),
  "chat.format.json_schema.strict": text('{"colour": "blue", "deep": true, "more": 1}'),
  "chat.format.json_schema.finish": set([...CHOICE, "finish_reason"], "content_filter"),
  "chat.format.unknown": accepts,
  "chat.format.json_schema.missing": accepts,
  "chat.format.json_schema.broken": accepts,
  "chat.structured.choice": text("yellow"),
  "chat.structured.regex": text("abc-1"),
  "chat.structured.json": text('{"on": 1}'),
  "chat.structured.two": accepts,
  "chat.reasoning": json(({ choices: [{ message: said }] }) => {
    Object.assign(said, { content: "42", reasoning: null, reasoning_content: null });
  }),
  "chat.reasoning.apart": set(message("content"), "<think>hm</think>42"),
  "chat.reasoning.usage": json(({ usage: counts }) => {
    counts.total_tokens = counts.prompt_tokens;
    counts.completion_tokens = 0;
  }),
  "completions.n": json((body) => void body.choices.pop()),
  "completions.max_tokens.default": set(usage("total_tokens"), fewer(1)),
};
