import { deltasOf, eventsOf, finishReasons, notCut, streamedText } from "../model/answers.ts";
import { user } from "../model/ask.ts";
import { type Answer, Deviation } from "../model/case.ts";
import type { Found } from "../model/found.ts";
import { matchesSchema } from "./schema-check.ts";

/*
 * Strict tools, whose arguments a server must hold to the schema whatever the model knows; all of them are choices, so that
 * even one that knows nothing fills them in to the end.
 */
const WEATHER = {
  type: "object",
  properties: {
    city: { type: "string", enum: ["Oslo", "Rome", "Lima"] },
    unit: { type: "string", enum: ["celsius", "fahrenheit"] },
  },
  required: ["city", "unit"],
  additionalProperties: false,
};
const LIGHT = {
  type: "object",
  properties: {
    room: { type: "object", properties: { floor: { enum: [1, 2] } }, required: ["floor"], additionalProperties: false },
    on: { type: "boolean" },
  },
  required: ["room", "on"],
  additionalProperties: false,
};

const tool = (name: string, parameters: object, description: string) => ({
  type: "function",
  function: { name, description, parameters, strict: true },
});

export const TOOLS = [
  tool("get_weather", WEATHER, "Tells the weather of a city."),
  tool("set_light", LIGHT, "Switches a light on or off."),
];
const SCHEMAS: Readonly<Record<string, object>> = { get_weather: WEATHER, set_light: LIGHT };

export const named = (name: string) => ({ type: "function", function: { name } });

/** A question that calls for a tool. */
export const QUESTION = {
  messages: [user("What is the weather in Oslo, in celsius? Use get_weather.")],
  tools: TOOLS,
  max_tokens: 200,
};

/** A tool must be called, and once: a model that knows nothing would go on with calls up to its limit. */
export const ONE_CALL = { ...QUESTION, tool_choice: "required", parallel_tool_calls: false };

/** What a call begins with, in any form in which models write it. */
const CALL = /[{[<]/;
export const CALL_BEGUN = "{";

/** @param said what came instead of a call @throws Undecided where a call was begun and cut off at the limit */
export function callNotCut(finish: unknown, said: string): void {
  if (CALL.test(said)) notCut(finish);
}

/** A call, whole or put together. */
export interface Call {
  id: string;
  name: string;
  args: string;
}

/** @param call of a message @throws Deviation for one without id, type, name or arguments as text */
export function callOf(call: Found): Call {
  call.at("type").is("function");
  const id = call.at("id").filledText();
  return { id, name: call.at("function", "name").filledText(), args: call.at("function", "arguments").text() };
}

/** The arguments of a call to one of our tools are valid. */
export function checkArguments({ name, args }: Call, path: string): void {
  const schema = SCHEMAS[name];
  if (schema === undefined) throw new Deviation(`must call a tool that there is, but calls “${name}”`, path);
  matchesSchema(args, schema, path);
}

/** The calls that the pieces of a stream add up to. @throws Deviation for a piece without a place, or a call without a beginning */
export function streamedCalls(answer: Answer | undefined): Call[] {
  const calls: Call[] = [];
  const events = eventsOf(answer);
  const isCall = events.chunks.some((chunk) => !chunk.at("choices", 0, "delta", "tool_calls").isNothing());
  callNotCut(finishReasons(events)[0], isCall ? CALL_BEGUN : streamedText(events));
  for (const piece of deltasOf(events).flatMap((choice) => callsIn(choice.at("delta", "tool_calls")))) {
    const index = piece.at("index").integer();
    const part = piece.at("function", "arguments").value ?? "";
    if (calls[index] === undefined) {
      calls[index] = { id: piece.at("id").filledText(), name: piece.at("function", "name").filledText(), args: "" };
    }
    calls[index].args += part;
  }
  return calls;
}

const callsIn = (calls: Found) => (calls.isNothing() ? [] : calls.list());
