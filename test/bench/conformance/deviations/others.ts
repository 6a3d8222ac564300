import { accepts, contentType, drop, json, type Mutate, moreText, only, set, status } from "../mutations.ts";

const CHOICE = ["choices", 0] as const;
const LOGPROBS = [...CHOICE, "logprobs"];
const usage = (key: string) => ["usage", key];
const moreCompletion: Mutate = json(({ usage: counts }) => {
  counts.completion_tokens += 1;
  counts.total_tokens += 1;
});
const morePrompt: Mutate = json(({ usage: counts }) => {
  counts.prompt_tokens += 1;
  counts.total_tokens += 1;
});
const lessChoices: Mutate = json((body) => void body.choices.pop());

/** One way to be wrong for each case about completions. */
const COMPLETIONS: Readonly<Record<string, Mutate>> = {
  "completions.answer.object": set(["object"], "chat.completion"),
  "completions.answer.created": drop(["created"]),
  "completions.answer.model": set(["model"], "another"),
  "completions.answer.choice": drop([...CHOICE, "text"]),
  "completions.answer.finish": set([...CHOICE, "finish_reason"], ""),
  "completions.answer.usage": drop(["usage"]),
  "completions.max_tokens": moreCompletion,
  "completions.max_tokens.one": moreCompletion,
  "completions.max_tokens.default": json(({ usage: counts }) => {
    counts.completion_tokens += 16;
    counts.total_tokens += 16;
  }),
  "completions.stop": only(1, moreText),
  "completions.temperature.same": only(1, moreText),
  "completions.seed.same": only(1, moreText),
  "completions.n": lessChoices,
  "completions.best_of.less": accepts,
  "completions.min_tokens": set(usage("completion_tokens"), 3),
  "completions.two-at-once": json(({ usage: counts }) => {
    counts.completion_tokens += 12;
    counts.total_tokens += 12;
  }),
  "completions.prompt.list": lessChoices,
  "completions.prompt.list.usage": only(1, morePrompt),
  "completions.prompt.ids": morePrompt,
  "completions.prompt.ids.list": morePrompt,
  "completions.prompt.unicode": only(1, set(usage("prompt_tokens"), 1)),
  "completions.prompt.long": set(usage("prompt_tokens"), 16),
  "completions.prompt.missing": accepts,
  "completions.prompt.kind": accepts,
  "completions.echo": set([...CHOICE, "text"], "something else"),
  "completions.echo.more": only(1, moreText),
  "completions.echo.usage": only(1, moreCompletion),
  "completions.suffix": status(400),
  "completions.token_ids": json(({ choices: [choice] }) => void choice.token_ids.pop()),
  "completions.logprobs.tokens": set([...LOGPROBS, "tokens"], []),
  "completions.logprobs.numbers": set([...LOGPROBS, "token_logprobs", 0], 0.5),
  "completions.logprobs.columns": json(({ choices: [{ logprobs }] }) => void logprobs.text_offset.pop()),
  "completions.logprobs.top": set([...LOGPROBS, "top_logprobs", 0], {}),
  "completions.logprobs.offsets": set([...LOGPROBS, "text_offset", 0], 9_999),
  "completions.logprobs.zero": set([...LOGPROBS, "token_logprobs"], []),
  "completions.logprobs.unasked": set(LOGPROBS, { tokens: ["a"] }),
  "completions.logprobs.echo": set([...LOGPROBS, "tokens"], ["a"]),
  "completions.logprobs.too-many": accepts,
};

const MODELS: Readonly<Record<string, Mutate>> = {
  "models.list": set(["object"], "models"),
  "models.id": set(["data", 0, "id"], ""),
  "models.object": drop(["data", 0, "object"]),
  "models.created": set(["data", 0, "created"], "yesterday"),
  "models.owner": drop(["data", 0, "owned_by"]),
  "models.served": set(["data", 0, "id"], "another"),
  "models.retrieve": set(["id"], "another"),
  "models.method": accepts,
  "models.unknown": accepts,
};

const TOKENIZE: Readonly<Record<string, Mutate>> = {
  "tokenize.count": set(["count"], (count: number) => count + 1),
  "tokenize.ids": set(["tokens", 0], "a"),
  "tokenize.completion": only(1, morePrompt),
  "tokenize.chat": only(1, morePrompt),
  "tokenize.round": only(1, set(["prompt"], "another text")),
  "tokenize.prompt-ids": only(1, morePrompt),
};

const ERRORS: Readonly<Record<string, Mutate>> = {
  "errors.json": status(500),
  "errors.model": status(400),
  "errors.body.message": status(400, { detail: "no" }),
  "errors.body.type": status(400, { error: { message: "no" } }),
  "errors.body.status": status(422),
  "errors.body.json": contentType("text/html"),
  "errors.after": only(1, status(500)),
};

export const OTHER_DEVIATIONS: Readonly<Record<string, Mutate>> = { ...COMPLETIONS, ...MODELS, ...TOKENIZE, ...ERRORS };
