import {
  accepts,
  contentType,
  errorInside,
  events,
  everyEvent,
  lastEvent,
  type Mutate,
  moreStreamed,
  noDone,
  only,
  streamText,
} from "../mutations.ts";

const another = (key: string): Mutate =>
  lastEvent((chunk) => {
    chunk[key] = key === "created" ? 1 : "another";
  });
const noUsage = events((chunks) => chunks.filter(({ usage }) => !usage));
const always = everyEvent((chunk) => {
  chunk.id = "always-this";
});
const withUsage = everyEvent((chunk) => {
  chunk.usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
});
const onePiece = events((chunks) => {
  const told = chunks.filter(({ choices }) => choices[0]?.delta?.content || choices[0]?.delta?.reasoning);
  return chunks.filter((chunk) => chunk === told[0] || !told.includes(chunk));
});
const twoReasons = events((chunks) => {
  const end = chunks.find(({ choices }) => choices[0]?.finish_reason);
  return [...chunks, end];
});
const noReason = everyEvent(({ choices }) => {
  for (const choice of choices) choice.finish_reason = null;
});
const otherReason = everyEvent(({ choices }) => {
  for (const choice of choices) if (choice.finish_reason) choice.finish_reason = "tool_calls";
});
const wrongUsage = events((chunks) => {
  for (const { usage } of chunks) if (usage) usage.total_tokens += 1;
  return chunks;
});
const moreUsage = events((chunks) => {
  for (const { usage } of chunks) {
    if (!usage) continue;
    usage.prompt_tokens += 1;
    usage.total_tokens += 1;
  }
  return chunks;
});
const noLogprobs = everyEvent(({ choices }) => {
  for (const choice of choices) choice.logprobs = null;
});
const noThoughts = everyEvent(({ choices }) => {
  for (const { delta } of choices) Object.assign(delta, { reasoning: null, reasoning_content: null });
});
const lateThought = events((chunks) => {
  const [first] = chunks;
  const said = (delta: object) => ({ ...first, choices: [{ index: 0, delta, finish_reason: null }] });
  return [first, said({ content: "42" }), said({ reasoning: "hm" }), ...chunks.slice(1)];
});

const shared = (prefix: string): Readonly<Record<string, Mutate>> => ({
  [prefix]: errorInside,
  [`${prefix}.done`]: noDone,
  [`${prefix}.object`]: another("object"),
  [`${prefix}.id`]: another("id"),
  [`${prefix}.finish`]: twoReasons,
  [`${prefix}.same`]: only(1, moreStreamed),
  [`${prefix}.usage`]: wrongUsage,
  [`${prefix}.usage.same`]: only(1, moreUsage),
  [`${prefix}.usage.unasked`]: withUsage,
  [`${prefix}.usage.continuous`]: events((chunks) => {
    delete chunks[0].usage;
    return chunks;
  }),
  [`${prefix}.stop`]: only(1, moreStreamed),
  [`${prefix}.n`]: noReason,
  [`${prefix}.refused`]: accepts,
});

/** One way to be wrong for each case about streams. */
export const STREAM_DEVIATIONS: Readonly<Record<string, Mutate>> = {
  ...shared("chat.stream"),
  ...shared("completions.stream"),
  "chat.stream": contentType("application/json"),
  "completions.stream.usage": noUsage,
  "chat.stream.created": another("created"),
  "chat.stream.model": another("model"),
  "chat.stream.role": everyEvent(({ choices }) => {
    for (const { delta } of choices) delete delta.role;
  }),
  "chat.stream.pieces": onePiece,
  "chat.stream.same-finish": only(1, otherReason),
  "chat.stream.two-at-once": always,
  "chat.logprobs.stream": noLogprobs,
  "completions.logprobs.stream": noLogprobs,
  "chat.format.json_object.stream": streamText("no JSON"),
  "chat.format.json_schema.stream": streamText('{"colour": "pink", "deep": true}'),
  "chat.structured.choice.stream": streamText("yellow"),
  "chat.structured.regex.stream": streamText("abc-1"),
  "chat.reasoning.stream": noThoughts,
  "chat.reasoning.stream.order": lateThought,
  "chat.reasoning.stream.finish": noReason,
};
