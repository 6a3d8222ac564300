import fc from "fast-check";

/*
 * Answers as servers send them, with the truth about them. Made from the definition in docs/metrics.md and from nothing of
 * the reader: what is a token is decided first, then how it looks on the wire.
 */

export interface Generated {
  wire: WireText;
  /** Where in the text each token event is complete: the first byte of the line end that closes it. */
  completeAt: number[];
  /** Tokens of each token event; undefined: not told event by event. */
  tokens: number[] | undefined;
  inputTokens: number;
  outputTokens: number;
  finishReason: string | null;
}

interface WireText {
  bytes: Buffer;
}

type Api = "completions" | "chat";
type UsagePlace =
  | "own"
  | "own, no choices"
  | "with the end"
  | "beside an empty delta"
  | "beside no delta"
  | "everywhere";
type Ending = "with the last content" | "as the last token" | "alone" | "none";

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" }),
  fc.constantFrom("data: x", "\n\n", '"}]', "\u2028", "[DONE]", "🙂", "größe", "\\", '{"error":1}'),
);
const role = fc.constantFrom({}, { role: null }, { role: "assistant" });

interface Look {
  kind: "text" | "empty" | "content" | "reasoning" | "reasoning_content" | "tool_calls" | "bare";
  text: string;
  role: object;
}

const looks = (kinds: Look["kind"][]) => fc.record({ kind: fc.constantFrom(...kinds), text, role });

const event = fc.record({
  look: looks(["content", "content", "content", "reasoning", "reasoning_content", "tool_calls", "empty"]),
  tokens: fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 12 })),
});

const noise = fc.constantFrom(
  "",
  "",
  "",
  ": ping\n",
  ":\n\n",
  "\n",
  "retry: 3000\n",
  "id: 7\n",
  "event: message\n",
  "unknown: {}\n",
  "data\n\n",
  "data:\n\n",
  "data:  \n\n",
  "event: ping\ndata: now\n\n",
  'event: ping\ndata: {"message":"hello"}\n\n',
  'data: {"choices":[]}\n\n',
  'data: {"choices":null,"usage":null,"error":null}\n\n',
  'data: {"object":"chat.completion.chunk","choices":[null]}\n\n',
);

const plan = fc.record({
  api: fc.constantFrom<Api>("completions", "chat"),
  usage: fc.constantFrom<UsagePlace>(
    "own",
    "own, no choices",
    "with the end",
    "beside an empty delta",
    "beside no delta",
    "everywhere",
  ),
  ending: fc.constantFrom<Ending>("with the last content", "as the last token", "alone", "none"),
  opening: fc.option(fc.record({ content: fc.constantFrom({}, { content: "" }, { content: null }), role }), {
    nil: undefined,
  }),
  isCountedAtOpening: fc.boolean(),
  events: fc.array(event, { minLength: 1, maxLength: 10 }),
  bare: fc.constantFrom<object>({ content: "" }, {}, { content: null }, { reasoning_content: null, role: null }),
  finish: fc.constantFrom("length", "stop", "tool_calls"),
  isDone: fc.boolean(),
  input: fc.nat(1000),
  noises: fc.array(noise, { maxLength: 12 }),
  lineEnd: fc.constantFrom("\n", "\n", "\r\n", "\r"),
  space: fc.constantFrom(" ", " ", ""),
  isPretty: fc.boolean(),
  mark: fc.constantFrom("", "", "\u{FEFF}"),
});
type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never;

export const generated: fc.Arbitrary<Generated> = plan.map(consistent).map(write);

/** Not every plan is one that a client can read right: where only a guess would tell, it is changed to one that is. */
function consistent(given: Plan): Plan {
  const isCounted = given.usage === "everywhere";
  let { opening, events, ending, bare, isDone, usage } = given;
  if (given.api === "completions") opening = undefined;
  // Without a finish reason there is nothing for the end to ride on.
  if (ending === "none") {
    isDone = true;
    if (usage !== "everywhere") usage = "own";
  }
  const isEmpty = ({ look }: (typeof events)[number]) => look.kind === "empty";
  const withContent = (one: (typeof events)[number]) => ({ ...one, look: { ...one.look, kind: "content" as const } });
  // The first of a chat without content would be its opening.
  if (given.api === "chat" && opening === undefined && isEmpty(events[0]!))
    events = [withContent(events[0]!), ...events.slice(1)];
  if (ending === "with the last content" && isEmpty(events.at(-1)!))
    events = [...events.slice(0, -1), withContent(events.at(-1)!)];
  const total = events.reduce((sum, { tokens }) => sum + tokens, 0);
  // Alone it could as well be the end of an answer whose tokens never came.
  if (ending === "as the last token" && (!isCounted || events.length === 1) && total > events.length)
    bare = { content: "" };
  // The only event that tells a count is no token where several are missing.
  if (ending === "as the last token" && total > events.length && usage === "with the end") usage = "own";
  if (isCounted) return { ...given, opening, events, ending, bare, isDone, usage };
  const nothing = given.api === "completions" ? undefined : {};
  if (ending === "alone" && total > events.length) {
    // One token more than events, several or none at all: an empty text would be the last of them.
    if (total === events.length + 1 || nothing === undefined) events = events.map((one) => ({ ...one, tokens: 1 }));
    else bare = nothing;
  }
  return { ...given, opening, events, ending, bare, isDone, usage };
}

function write(given: Plan): Generated {
  const { api, usage, ending, opening, events, bare, finish, input, noises, isDone } = given;
  const total = events.reduce((sum, { tokens }) => sum + tokens, 0);
  const isCounted = usage === "everywhere";
  const paper = new Paper(given);
  const counts = (count: number) => ({
    usage: { prompt_tokens: input, completion_tokens: count, total_tokens: input + count },
  });
  const choice = (shape: object, reason: string | null, rest: object = {}) =>
    paper.event({ object: "chunk", choices: [{ index: 0, ...shape, finish_reason: reason }], ...rest });
  const bareShape = api === "completions" ? { text: "" } : { delta: bare };
  const completeAt: number[] = [];
  let counted = 0;
  let place = 0;
  const disturb = () => paper.raw(noises[place++] ?? "");
  if (opening !== undefined) {
    const first = given.isCountedAtOpening ? events[0]!.tokens : 0;
    choice({ delta: { ...opening.role, ...opening.content } }, null, isCounted ? counts(first) : {});
  }
  for (const [index, { look, tokens }] of events.entries()) {
    disturb();
    counted += tokens;
    const isLast = index === events.length - 1;
    const ends = isLast && (ending === "with the last content" || ending === "as the last token");
    const rest = isCounted || (ends && usage === "with the end") ? counts(counted) : {};
    const shape = isLast && ending === "as the last token" ? bareShape : shapeOf(api, look);
    completeAt.push(choice(shape, ends ? finish : null, rest));
  }
  disturb();
  if (ending === "alone") choice(bareShape, finish, isCounted || usage === "with the end" ? counts(total) : {});
  disturb();
  if (usage === "own") paper.event({ choices: [], ...counts(total) });
  else if (usage === "own, no choices") paper.event(counts(total));
  else if (usage === "beside an empty delta")
    choice(api === "completions" ? { text: "" } : { delta: {} }, null, counts(total));
  else if (usage === "beside no delta") paper.event({ choices: [{ index: 0 }], ...counts(total) });
  disturb();
  if (isDone) paper.raw("data: [DONE]\n\n");
  const told = events.map(({ tokens }) => tokens);
  // Where there is a single event, the count at the end is its own.
  const isRiding = usage === "with the end" && (ending === "with the last content" || ending === "as the last token");
  const isTold = isCounted || (isRiding && events.length === 1);
  return {
    wire: { bytes: paper.bytes },
    completeAt,
    tokens: isTold && told.some((count) => count !== 1) ? told : undefined,
    inputTokens: input,
    outputTokens: total,
    finishReason: ending === "none" ? null : finish,
  };
}

function shapeOf(api: Api, look: Look): object {
  if (api === "completions") return { text: look.kind === "empty" ? "" : look.text };
  const { role: said, text: piece } = look;
  switch (look.kind) {
    case "empty":
      return { delta: { ...said, content: "" } };
    case "tool_calls":
      return { delta: { ...said, content: null, tool_calls: [{ index: 0, function: { arguments: piece } }] } };
    case "reasoning":
    case "reasoning_content":
      return { delta: { ...said, content: null, [look.kind]: piece } };
    default:
      return { delta: { ...said, content: piece } };
  }
}

/** What is written line by line, with this server's line ends. */
class Paper {
  #text: string;
  readonly #plan: Plan;

  constructor(given: Plan) {
    this.#plan = given;
    this.#text = given.mark;
  }

  get bytes(): Buffer {
    return Buffer.from(this.#text);
  }

  raw(lines: string): void {
    this.#text += lines.replaceAll("\n", this.#plan.lineEnd);
  }

  /** @returns the byte with which it is complete */
  event(value: unknown): number {
    const { space, isPretty } = this.#plan;
    const lines = JSON.stringify(value, null, isPretty ? 1 : 0).split("\n");
    for (const line of lines) this.raw(`data:${space}${line}\n`);
    const at = Buffer.byteLength(this.#text);
    this.raw("\n");
    return at;
  }
}
