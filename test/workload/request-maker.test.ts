import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/errors.ts";
import { distinctPrompts, type PromptEntry, type Prompts, type TraceRequest } from "../../src/workload/prompts.ts";
import type { Api } from "../../src/workload/request-body.ts";
import { type Draw, requestMaker } from "../../src/workload/request-maker.ts";

const COMPLETIONS: Api = { model: "m", endpoint: "completions", continuousUsage: false, temperature: 0 };
const CHAT: Api = { ...COMPLETIONS, endpoint: "chat" };
const MEASURED: Draw = { seed: 1, part: "measured" };
const WARM_UP: Draw = { seed: 1, part: "warm-up" };
const random = (over: Partial<Extract<Prompts, { kind: "random" }>> = {}): Prompts => ({
  kind: "random",
  inputLen: 40,
  outputLen: 7,
  rangeRatio: 0,
  sharedPrefix: 0,
  ...over,
});
const listed = (entries: PromptEntry[]): Prompts => ({ kind: "listed", entries });
const text = (prompt: string): PromptEntry => ({ prompt, inputTokens: null, outputTokens: 5 });

function made(prompts: Prompts, count: number, { api = COMPLETIONS, draw = MEASURED } = {}) {
  const make = requestMaker(prompts, api, draw);
  return Array.from({ length: count }, (_, i) => {
    const { body, ...asked } = make(i);
    return { ...asked, body: JSON.parse(body.toString()) };
  });
}
const promptsOf = (...args: Parameters<typeof made>): number[][] => made(...args).map(({ body }) => body.prompt);

describe("random prompts for completions", () => {
  test("ask for a greedy stream of exactly the output length, with usage at its end", () => {
    expect(made(random(), 1)[0]).toEqual({
      askedInputTokens: 40,
      askedOutputTokens: 7,
      body: {
        model: "m",
        prompt: expect.any(Array),
        max_tokens: 7,
        ignore_eos: true,
        temperature: 0,
        stream: true,
        stream_options: { include_usage: true },
      },
    });
  });

  test("ask for usage in every chunk, another temperature and a model with quotes in its name when told so", () => {
    const api = { ...COMPLETIONS, model: 'a"b', continuousUsage: true, temperature: 0.5 };
    expect(made(random(), 1, { api })[0]!.body).toMatchObject({
      model: 'a"b',
      temperature: 0.5,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    });
  });

  test("have the input length in token ids that every vocabulary holds", () => {
    for (const prompt of promptsOf(random(), 20)) {
      expect(prompt).toHaveLength(40);
      for (const id of prompt) expect(Number.isInteger(id) && id >= 1000 && id < 10_000).toBe(true);
    }
  });

  test("never begin alike: not in a cell, not in its warm-up, not in another cell", () => {
    const draws: Draw[] = [MEASURED, WARM_UP, { seed: 2, part: "measured" }, { seed: 3, part: "measured" }];
    const beginnings = draws.flatMap((draw) =>
      promptsOf(random(), 1000, { draw }).map((prompt) => prompt.slice(0, 4).join()),
    );
    expect(new Set(beginnings).size).toBe(4000);
  });

  test("draw all ids alike, at each place and from index to index", () => {
    const columns = [0, 1, 39].map((place) => promptsOf(random(), 9000).map((prompt) => prompt[place]!));
    for (const ids of columns) {
      const tens = Array.from({ length: 90 }, (_, i) => ids.filter((id) => Math.floor(id / 100) === i + 10).length);
      // χ² with 89 degrees of freedom: mean 89, deviation 13.
      const chiSquare = tens.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
      expect(chiSquare).toBeGreaterThan(45);
      expect(chiSquare).toBeLessThan(140);
    }
    const rising = columns[0]!.filter((id, i) => id < columns[0]![i + 1]!).length;
    expect(Math.abs(rising / 9000 - 0.5)).toBeLessThan(0.02);
  });

  test("are the same for the same index, whatever was made before", () => {
    const one = requestMaker(random({ rangeRatio: 0.5 }), COMPLETIONS, MEASURED);
    const other = requestMaker(random({ rangeRatio: 0.5 }), COMPLETIONS, MEASURED);
    const backwards = [4, 3, 2, 1, 0].map((index) => other(index)).reverse();
    expect([0, 1, 2, 3, 4].map((index) => one(index))).toEqual(backwards);
  });

  test("share exactly the prefix that is asked for, the warm-up too, and no other cell", () => {
    const shared = random({ sharedPrefix: 16 });
    const [first, ...others] = [...promptsOf(shared, 20), ...promptsOf(shared, 5, { draw: WARM_UP })];
    for (const prompt of others) {
      expect(prompt).toHaveLength(40);
      expect(prompt.slice(0, 16)).toEqual(first!.slice(0, 16));
      expect(prompt.slice(16, 20)).not.toEqual(first!.slice(16, 20));
    }
    const elsewhere = promptsOf(shared, 1, { draw: { seed: 2, part: "measured" } })[0]!;
    expect(elsewhere.slice(0, 4)).not.toEqual(first!.slice(0, 4));
  });

  test("have whole lengths within the range, its ends included, at least 1", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 10 }), (inputLen, tenths) => {
        const rangeRatio = tenths / 10;
        for (const { body, askedInputTokens, askedOutputTokens } of made(random({ inputLen, rangeRatio }), 30)) {
          expect(body.prompt).toHaveLength(askedInputTokens!);
          expect(body.max_tokens).toBe(askedOutputTokens);
          expect(askedInputTokens).toBeGreaterThanOrEqual(Math.max(1, Math.floor((inputLen * (10 - tenths)) / 10)));
          expect(askedInputTokens).toBeLessThanOrEqual(Math.ceil((inputLen * (10 + tenths)) / 10));
        }
      }),
    );
    const lengths = made(random({ inputLen: 10, rangeRatio: 0.3 }), 400).map(
      ({ askedInputTokens }) => askedInputTokens,
    );
    expect([...new Set(lengths)].sort((a, b) => a! - b!)).toEqual([7, 8, 9, 10, 11, 12, 13]);
  });
});

describe("random prompts for a chat", () => {
  test("are a message of about as many words as tokens, of a length that only the engine knows", () => {
    const [{ body, askedInputTokens, askedOutputTokens }] = made(random(), 1, { api: CHAT }) as [
      ReturnType<typeof made>[number],
    ];
    expect(body).toEqual({
      model: "m",
      messages: [{ role: "user", content: expect.stringMatching(/^[a-z]{4}( [a-z]{4}){39}$/) }],
      max_completion_tokens: 7,
      ignore_eos: true,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect({ askedInputTokens, askedOutputTokens }).toEqual({ askedInputTokens: null, askedOutputTokens: 7 });
  });

  test("never begin alike", () => {
    const beginnings = [MEASURED, WARM_UP].flatMap((draw) =>
      made(random(), 1000, { api: CHAT, draw }).map(({ body }) => body.messages[0].content.slice(0, 5 * 8)),
    );
    expect(new Set(beginnings).size).toBe(2000);
  });
});

describe("listed prompts", () => {
  const words = listed(["a", "b", "c", "d", "e", "f", "g", "h"].map(text));
  const order = (count: number, draw: Draw) => made(words, count, { draw }).map(({ body }) => body.prompt);

  test("come in an order that the seed decides, each once before any comes again", () => {
    const first = order(8, MEASURED);
    expect(first.toSorted().join("")).toBe("abcdefgh");
    expect(first.join("")).not.toBe("abcdefgh");
    expect(order(16, MEASURED)).toEqual([...first, ...first]);
    expect(order(8, { seed: 2, part: "measured" })).not.toEqual(first);
  });

  test("for the warm-up are those that the measured part takes last", () => {
    expect(order(3, WARM_UP)).toEqual(order(8, MEASURED).slice(-3).reverse());
  });

  test("go out as they are: text, ids and messages", () => {
    const ids = { prompt: [5, 6], inputTokens: 2, outputTokens: 3 };
    const messages = [{ role: "system", content: "Be brief “…”." }];
    expect(made(listed([ids]), 1)[0]).toMatchObject({ askedInputTokens: 2, body: { prompt: [5, 6], max_tokens: 3 } });
    expect(made(listed([text('say "hi"\n')]), 1)[0]).toMatchObject({
      askedInputTokens: null,
      body: { prompt: 'say "hi"\n' },
    });
    expect(made(listed([text("hi")]), 1, { api: CHAT })[0]!.body).toMatchObject({
      messages: [{ role: "user", content: "hi" }],
      max_completion_tokens: 5,
    });
    const chat = listed([{ prompt: messages, inputTokens: null, outputTokens: 3 }]);
    expect(made(chat, 1, { api: CHAT })[0]!.body.messages).toEqual(messages);
  });

  test("are counted as distinct by what they say", () => {
    expect(distinctPrompts(listed([text("a"), text("b"), text("a")]))).toBe(2);
    expect(distinctPrompts(random())).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("prompts of a trace", () => {
  const request = (inputTokens: number, over: Partial<TraceRequest> = {}): TraceRequest => ({
    inputTokens,
    outputTokens: 4,
    hashIds: [],
    sharedPrefix: null,
    ...over,
  });
  const trace = (...requests: TraceRequest[]): Prompts => ({ kind: "trace", requests });

  test("keep the trace's order and lengths", () => {
    const list = made(trace(request(3), request(5, { outputTokens: 9 })), 2);
    expect(list.map(({ body }) => body.prompt.length)).toEqual([3, 5]);
    expect(list[1]).toMatchObject({ askedInputTokens: 5, askedOutputTokens: 9 });
  });

  test("share the tokens of blocks with equal ids, and of no others", () => {
    const [a, b, c] = promptsOf(
      trace(
        request(1300, { hashIds: [0, 1, 2] }),
        request(1100, { hashIds: [0, 1, 3] }),
        request(700, { hashIds: [2 ** 32] }),
      ),
      3,
    ) as [number[], number[], number[]];
    expect(b.slice(0, 1024)).toEqual(a.slice(0, 1024));
    expect(b.slice(1024, 1028)).not.toEqual(a.slice(1024, 1028));
    expect(a.slice(0, 4)).not.toEqual(a.slice(512, 516));
    expect(c.slice(0, 4)).not.toEqual(a.slice(0, 4));
    expect([a, b, c].map(({ length }) => length)).toEqual([1300, 1100, 700]);
  });

  test("share a named prefix, and go on with tokens of their own", () => {
    const [a, b, c] = promptsOf(
      trace(
        request(30, { sharedPrefix: { id: 0, tokens: 20 } }),
        request(30, { sharedPrefix: { id: 0, tokens: 10 } }),
        request(30, { sharedPrefix: { id: 1, tokens: 20 } }),
      ),
      3,
    ) as [number[], number[], number[]];
    expect(b.slice(0, 10)).toEqual(a.slice(0, 10));
    expect(b.slice(10, 14)).not.toEqual(a.slice(10, 14));
    expect(c.slice(0, 4)).not.toEqual(a.slice(0, 4));
  });

  test("share nothing with the warm-up or another cell", () => {
    const blocks = trace(request(600, { hashIds: [0, 1] }));
    const draws: Draw[] = [MEASURED, WARM_UP, { seed: 2, part: "measured" }];
    const beginnings = draws.map((draw) => promptsOf(blocks, 1, { draw })[0]!.slice(0, 4).join());
    expect(new Set(beginnings).size).toBe(3);
  });
});

test.each<[Prompts, Partial<Api>, RegExp]>([
  [random({ inputLen: 0 }), {}, /input length is 0; it must be a whole number from 1/],
  [random({ outputLen: 1.5 }), {}, /output length is 1.5/],
  [random({ inputLen: 1e9 }), {}, /input length is 1000000000/],
  [random({ rangeRatio: 1.1 }), {}, /range of lengths is 1.1; .* from 0 to 1/],
  [random({ rangeRatio: Number.NaN }), {}, /range of lengths is NaN/],
  [random({ sharedPrefix: 40 }), {}, /shared prefix is 40 tokens and the shortest prompt 40: .*from 0 to 39/],
  [random({ rangeRatio: 0.5, sharedPrefix: 20 }), {}, /shortest prompt 20/],
  [random({ sharedPrefix: -1 }), {}, /shared prefix is -1/],
  [random(), { temperature: Number.NaN }, /temperature is NaN/],
  [random(), { temperature: -0.1 }, /temperature is -0.1/],
  [random(), { temperature: Number.POSITIVE_INFINITY }, /temperature is Infinity/],
  [listed([]), {}, /list of prompts is empty/],
  [listed([text("")]), {}, /Prompt 1 of the list is empty/],
  [listed([{ ...text("a"), outputTokens: 0 }]), {}, /output length of prompt 1 of the list is 0/],
  [listed([text("a"), { ...text(""), prompt: [1] }]), { endpoint: "chat" }, /Prompt 2 .*token ids.*use completions/],
  [listed([{ ...text(""), prompt: [{ role: "user", content: "" }] }]), {}, /messages.*use chat/],
  [{ kind: "trace", requests: [] }, {}, /trace holds no requests/],
])("prompts that make no request are refused with what to do: %j %j", (prompts, api, message) => {
  const make = () => requestMaker(prompts, { ...COMPLETIONS, ...api }, MEASURED);
  expect(make).toThrow(UsageError);
  expect(make).toThrow(message);
});
