import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SimulatorHere, simulatorHere } from "../support/simulator-here.ts";
import { streamEvents } from "../support/stream-events.ts";

interface Call {
  id?: string;
  index?: number;
  function: { name?: string; arguments?: string };
}
interface Said {
  content?: string | null;
  reasoning?: string | null;
  tool_calls?: Call[];
}
interface Usage {
  completion_tokens: number;
  completion_tokens_details: { reasoning_tokens: number } | null;
}
interface Choice<D> {
  index: number;
  finish_reason: string | null;
  message: D;
  delta: D;
}
interface Answer {
  choices: Choice<Said>[];
  usage: Usage;
}

let engine: SimulatorHere;
beforeAll(async () => {
  engine = await simulatorHere();
});
afterAll(() => engine[Symbol.asyncDispose]());

const user = (content: string) => [{ role: "user", content }];
const send = (body: object) => engine.post("/v1/chat/completions", { max_tokens: 40, ...body });
const whole = async (body: object) => (await (await send(body)).json()) as Answer;

/** What the deltas of a streamed answer add up to. */
async function added(body: object) {
  const events = streamEvents<Answer>(await (await send({ ...body, stream: true })).text());
  const calls: { name: string; arguments: string }[] = [];
  let [content, reasoning, finish] = ["", "", null as string | null];
  for (const { delta, finish_reason } of events.flatMap(({ choices }) => choices)) {
    content += delta.content ?? "";
    reasoning += delta.reasoning ?? "";
    finish = finish_reason ?? finish;
    for (const { index = 0, function: said } of delta.tool_calls ?? []) {
      calls[index] ??= { name: said.name ?? "", arguments: "" };
      calls[index].arguments += said.arguments ?? "";
    }
  }
  return { content, reasoning, calls, finish };
}

const city = { enum: ["Paris", "Rome"] };
const days = { type: "integer", minimum: 2, maximum: 5 };
const parameters = { type: "object", properties: { city, days }, required: ["city", "days"] };
const weather = { type: "function", function: { name: "get_weather", parameters } };
const time = { type: "function", function: { name: "get_time" } };
const named = { type: "function", function: { name: "get_time" } };

describe("a call of a tool", () => {
  test.each([
    ["auto", ["get_weather"], "tool_calls", null],
    ["required", ["get_weather"], "tool_calls", ""],
    [named, ["get_time"], "stop", ""],
  ])("by the choice %j is the same, whole or streamed", async (tool_choice, names, finish, content) => {
    const body = { messages: user("What is the weather?"), tools: [weather, time], tool_choice };
    const [choice] = (await whole(body)).choices;
    const calls = choice!.message.tool_calls!.map((call) => call.function);
    expect(calls.map(({ name }) => name)).toEqual(names);
    expect([choice!.finish_reason, choice!.message.content]).toEqual([finish, content]);
    expect(await added(body)).toEqual({ content: "", reasoning: "", calls, finish });
  });

  test("has arguments that its schema allows; of a tool without one, none", async () => {
    const body = { messages: user("weather and time"), tools: [weather, time] };
    const calls = (await whole(body)).choices[0]!.message.tool_calls!;
    expect(calls.map((call) => JSON.parse(call.function.arguments!))).toEqual([{ city: "Paris", days: 2 }, {}]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  });

  test("is one where several are not wanted", async () => {
    const body = { messages: user("weather and time"), tools: [weather, time], parallel_tool_calls: false };
    expect((await added(body)).calls.map(({ name }) => name)).toEqual(["get_weather"]);
  });

  test("does not come after a tool's result, to another question, or where it is forbidden", async () => {
    const tool_calls = [{ id: "a", type: "function", function: { name: "get_weather", arguments: "{}" } }];
    const result = [
      { role: "assistant", tool_calls },
      { role: "tool", tool_call_id: "a", content: "weather: sunny" },
    ];
    const bodies = [
      { messages: [...user("weather?"), ...result], tools: [weather] },
      { messages: user("hello"), tools: [weather] },
      { messages: user("weather"), tools: [weather], tool_choice: "none" },
    ];
    for (const body of bodies) {
      const { message } = (await whole(body)).choices[0]!;
      expect([message.tool_calls, message.content]).toEqual([undefined, expect.stringContaining("simulated")]);
    }
  });

  test("that is cut off is text when whole, and a part of a call when streamed, as from vLLM", async () => {
    const body = { messages: user("weather"), tools: [weather], max_tokens: 4 };
    const [choice] = (await whole(body)).choices;
    expect(choice).toMatchObject({
      finish_reason: "length",
      message: { content: expect.stringContaining("<tool_call>") },
    });
    expect(choice!.message).not.toHaveProperty("tool_calls");
    const { calls, finish } = await added(body);
    expect([calls[0]!.name, finish]).toEqual(["get_weather", "length"]);
  });

  test("is counted where its tools make the prompt longer", async () => {
    const body = { messages: user("weather"), tools: [weather] };
    const counted = (await (await engine.post("/tokenize", body)).json()) as { count: number };
    expect((await whole(body)).usage).toMatchObject({ prompt_tokens: counted.count });
    const plain = (await (await engine.post("/tokenize", { messages: user("weather") })).json()) as { count: number };
    expect(counted.count).toBeGreaterThan(plain.count);
  });
});

describe("an answer bound to a form", () => {
  const json_schema = { name: "trip", strict: true, schema: parameters };
  test.each([
    ["a schema", { response_format: { type: "json_schema", json_schema } }, '{"city":"Paris","days":2}'],
    ["JSON", { response_format: { type: "json_object" } }, '{"simulated": true}'],
    [
      "a schema of vLLM's own",
      { structured_outputs: { json: JSON.stringify(parameters) } },
      '{"city":"Paris","days":2}',
    ],
    ["a pattern", { structured_outputs: { regex: "[0-9]{3}-x" } }, "000-x"],
    ["a choice", { structured_outputs: { choice: ["yes", "no"] } }, "yes"],
  ])("by %s keeps to it, whole or streamed, and ends", async (_, form, content) => {
    const body = { messages: user("hi"), ...form };
    const [choice] = (await whole(body)).choices;
    expect([choice!.message.content, choice!.finish_reason]).toEqual([content, "stop"]);
    expect(await added(body)).toMatchObject({ content, finish: "stop" });
  });
});

describe("reasoning", () => {
  const thinking = { messages: user("hi"), chat_template_kwargs: { enable_thinking: true }, max_tokens: 12 };

  test("comes when the template enables it, beside the content, and is counted", async () => {
    const { choices, usage } = await whole(thinking);
    const { reasoning, content } = choices[0]!.message;
    expect([reasoning, content]).toEqual([" one other word could have come here", " this answer is"]);
    expect(usage).toMatchObject({ completion_tokens: 12, completion_tokens_details: { reasoning_tokens: 7 } });
    expect(await added(thinking)).toMatchObject({ reasoning, content, finish: "length" });
  });

  test.each([
    ["an effort", { chat_template_kwargs: {}, reasoning_effort: "low" }, true],
    ["no effort", { chat_template_kwargs: {}, reasoning_effort: "none" }, false],
    ["nothing", { chat_template_kwargs: null }, false],
  ])("by %s: %#", async (_, body, comes) => {
    expect((await added({ ...thinking, ...body })).reasoning !== "").toBe(comes);
  });

  test("comes unasked from an engine that reasons, unless a request says otherwise", async () => {
    await using reasoner = await simulatorHere("--reasoning");
    const reasoningOf = async (body: object) => {
      const answer = await reasoner.post("/v1/chat/completions", { messages: user("hi"), max_tokens: 12, ...body });
      return ((await answer.json()) as Answer).choices[0]!.message.reasoning;
    };
    expect(await reasoningOf({})).toContain("one other word");
    expect(await reasoningOf({ chat_template_kwargs: { enable_thinking: false } })).toBeNull();
    expect(await reasoningOf({ reasoning_effort: "none" })).toBeNull();
  });

  test("is no longer than its budget, and nothing of it is told where it is not to be included", async () => {
    expect((await added({ ...thinking, thinking_token_budget: 2 })).reasoning).toBe(" one other");
    const hidden = { ...thinking, include_reasoning: false };
    expect((await whole(hidden)).choices[0]!.message).toMatchObject({ reasoning: null, content: " this answer is" });
    expect(await added(hidden)).toMatchObject({ reasoning: "", content: " this answer is" });
  });

  test("comes before a form and before calls", async () => {
    const form = { structured_outputs: { choice: ["yes"] }, max_tokens: 40 };
    expect(await added({ ...thinking, ...form })).toMatchObject({
      reasoning: expect.stringContaining("one"),
      content: "yes",
    });
    const { reasoning, calls } = await added({ ...thinking, tools: [time], tool_choice: "required", max_tokens: 40 });
    expect([reasoning !== "", calls[0]!.name]).toEqual([true, "get_time"]);
  });
});

test("answers to a prompt are told apart by their index and their words, and a seed draws them again", async () => {
  const contents = async (body: object) =>
    (await whole({ messages: user("hi"), max_tokens: 6, ...body })).choices.map(({ message }) => message.content);
  expect(new Set(await contents({ n: 3 })).size).toBe(3);
  expect(await contents({ seed: 5, n: 2 })).toEqual(await contents({ seed: 5, n: 2 }));
  expect(await contents({ seed: 5 })).not.toEqual(await contents({ seed: 6 }));
  expect(await contents({ seed: 5, temperature: 0 })).toEqual(await contents({ temperature: 0 }));
});
