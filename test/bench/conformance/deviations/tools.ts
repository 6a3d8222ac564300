import { accepts, events, everyEvent, json, type Mutate, noDone, only, set, status } from "../mutations.ts";

const CHOICE = ["choices", 0] as const;
const CALLS = [...CHOICE, "message", "tool_calls"];
const CALL = [...CALLS, 0];
const WRONG = '{"city": "Atlantis"}';

/** The pieces of a call, changed. */
// biome-ignore lint/suspicious/noExplicitAny: whatever a server says
const pieces = (change: (piece: any) => void): Mutate =>
  everyEvent(({ choices }) => {
    for (const { delta } of choices) for (const piece of delta?.tool_calls ?? []) change(piece);
  });
const wrongPieces = pieces((piece) => {
  if (piece.function?.arguments) piece.function.arguments = "{";
});
const otherName = pieces((piece) => {
  if (piece.function?.name) piece.function.name = "get_weather";
});

/** One way to be wrong for each case about tools. */
export const TOOL_DEVIATIONS: Readonly<Record<string, Mutate>> = {
  "chat.tools.taken": set([...CHOICE, "message", "role"], "tool"),
  "chat.tools.required": set(CALLS, []),
  "chat.tools.required.arguments": set([...CALL, "function", "arguments"], WRONG),
  "chat.tools.required.finish": set([...CHOICE, "finish_reason"], "stop"),
  "chat.tools.required.content": set([...CHOICE, "message", "content"], "I call a tool."),
  "chat.tools.ids": set([...CALL, "id"], "always-this"),
  "chat.tools.named": set([...CALL, "function", "name"], "get_weather"),
  "chat.tools.named.arguments": set([...CALL, "function", "arguments"], '{"room": {"floor": 9}, "on": true}'),
  "chat.tools.none": set(CALLS, [{ id: "a" }]),
  "chat.tools.auto": json(({ choices: [choice] }) => {
    const call = { id: "a", type: "function", function: { name: "get_weather", arguments: WRONG } };
    Object.assign(choice, { finish_reason: "tool_calls" });
    choice.message.tool_calls = [call];
  }),
  "chat.tools.one": json(({ choices: [{ message }] }) => void message.tool_calls.push(message.tool_calls[0])),
  "chat.tools.result": only(1, set(["usage", "prompt_tokens"], 1)),
  "chat.tools.round": only(1, status(400)),
  "chat.tools.unknown": accepts,
  "chat.tools.required.without": accepts,
  "chat.tools.broken": accepts,
  "chat.tools.stream": wrongPieces,
  "chat.tools.stream.same": only(0, set([...CALL, "function", "name"], "set_light")),
  "chat.tools.stream.named": otherName,
  "chat.tools.stream.named.same": only(1, otherName),
  "chat.tools.stream.type": pieces((piece) => void delete piece.type),
  "chat.tools.stream.end": noDone,
  "chat.tools.stream.finish": only(0, set([...CHOICE, "finish_reason"], "function_call")),
  "chat.tools.stream.auto": events((chunks) => chunks.map(withoutFinish)),
};

// biome-ignore lint/suspicious/noExplicitAny: whatever a server says
function withoutFinish(chunk: any): unknown {
  for (const choice of chunk.choices) choice.finish_reason = null;
  return chunk;
}
