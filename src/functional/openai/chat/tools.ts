import { bodyOf, contentOf, refusalOf, saidIn, usageOf } from "../../model/answers.ts";
import { chat, user } from "../../model/ask.ts";
import { type Answer, type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";
import type { Found } from "../../model/found.ts";
import {
  CALL_BEGUN,
  type Call,
  callNotCut,
  callOf,
  checkArguments,
  named,
  ONE_CALL,
  QUESTION,
  TOOLS,
} from "../tools.ts";

const of = casesOf("chat", "chat", "chat.tools");
const REQUIRED = chat(ONE_CALL);
const NAMED = chat({ ...QUESTION, tool_choice: named("set_light") });
const choice = { needs: ["chat.tool_choice", "chat.tool_calls.parallel"] } as const;
const byName = { needs: ["chat.tool_choice.by_name"] } as const;
const CALLS = "$.choices[0].message.tool_calls";

function callsOf(answer: Answer | undefined): Found[] {
  const choice = bodyOf(answer).at("choices", 0);
  const calls = choice.at("message", "tool_calls");
  callNotCut(choice.at("finish_reason").value, calls.isNothing() ? saidIn(choice.at("message")) : CALL_BEGUN);
  return calls.isNothing() ? [] : calls.list();
}

function firstCall(answer: Answer | undefined): Call {
  const [call] = callsOf(answer);
  if (call === undefined) throw new Deviation("must call a tool", CALLS);
  return callOf(call);
}

/** A chat in which a tool has answered. */
const answered = (id = "call_1") => [
  ...QUESTION.messages,
  { role: "assistant", content: "", tool_calls: [toolCall(id)] },
  { role: "tool", tool_call_id: id, content: '{"celsius": 21}' },
];
const toolCall = (id: string) => ({
  ...{ id, type: "function" },
  function: { name: "get_weather", arguments: '{"city": "Oslo", "unit": "celsius"}' },
});

/** Calls of tools, in one piece. */
export const CHAT_TOOLS: readonly Case[] = [
  of("chat.tools.taken", "must", "tools are taken, and lengthen the prompt or are called", {
    asks: [chat(QUESTION)],
    check: ([answer]) => {
      const message = bodyOf(answer).at("choices", 0, "message");
      message.at("role").is("assistant");
      for (const call of message.at("tool_calls").isNothing() ? [] : message.at("tool_calls").list()) callOf(call);
    },
  }),
  of("chat.tools.required", "must", "tool_choice required calls a tool", {
    ...choice,
    asks: [REQUIRED],
    check: ([answer]) => void firstCall(answer),
  }),
  of("chat.tools.required.arguments", "must", "the arguments of a call match the tool's JSON Schema", {
    ...choice,
    asks: [REQUIRED],
    check: ([answer]) => checkArguments(firstCall(answer), `${CALLS}[0].function.arguments`),
  }),
  of("chat.tools.required.finish", "should", "a call that was required ends with the reason tool_calls", {
    ...choice,
    asks: [REQUIRED],
    check: ([answer]) => {
      firstCall(answer);
      bodyOf(answer).at("choices", 0, "finish_reason").is("tool_calls");
    },
  }),
  of("chat.tools.required.content", "should", "beside a call there is no text", {
    ...choice,
    asks: [REQUIRED],
    check: ([answer]) => {
      firstCall(answer);
      const content = bodyOf(answer).at("choices", 0, "message", "content");
      if (content.value !== "") content.nothing();
    },
  }),
  of("chat.tools.ids", "must", "each call has an id of its own", {
    ...choice,
    asks: [REQUIRED, REQUIRED],
    check: ([one, other]) => {
      const id = callsOf(other)[0]?.at("id");
      if (id?.value === firstCall(one).id) id.wrong("must be another one than that of the call before");
    },
  }),
  of("chat.tools.named", "must", "tool_choice by name calls that tool", {
    ...byName,
    asks: [NAMED],
    check: ([answer]) => {
      firstCall(answer);
      callsOf(answer)[0]!.at("function", "name").is("set_light");
    },
  }),
  of("chat.tools.named.arguments", "must", "its arguments match a nested JSON Schema", {
    ...byName,
    asks: [NAMED],
    check: ([answer]) => checkArguments(firstCall(answer), `${CALLS}[0].function.arguments`),
  }),
  of("chat.tools.none", "must", "tool_choice none calls no tool", {
    ...choice,
    asks: [chat({ ...QUESTION, tool_choice: "none", max_tokens: 16 })],
    check: ([answer]) => bodyOf(answer).at("choices", 0, "message", "tool_calls").nothing(),
  }),
  of("chat.tools.auto", "must", "tool_choice auto calls a tool well, or says something", {
    asks: [chat({ ...QUESTION, tool_choice: "auto" })],
    check: ([answer]) => {
      for (const [at, call] of callsOf(answer).entries()) {
        checkArguments(callOf(call), `${CALLS}[${at}].function.arguments`);
      }
      const message = bodyOf(answer).at("choices", 0, "message");
      if (saidIn(message) === "" && callsOf(answer).length === 0) message.wrong("must say or call something");
    },
  }),
  of("chat.tools.one", "should", "parallel_tool_calls false makes one call", {
    ...choice,
    asks: [REQUIRED],
    check: ([answer]) => {
      firstCall(answer);
      bodyOf(answer).at("choices", 0, "message", "tool_calls").listOf(1);
    },
  }),
  of("chat.tools.result", "must", "the answer of a tool is part of the prompt", {
    asks: [chat({ ...QUESTION, max_tokens: 8 }), chat({ ...QUESTION, messages: answered(), max_tokens: 8 })],
    check: ([before, after]) => {
      const less = usageOf(bodyOf(before)).prompt;
      const prompt = bodyOf(after).at("usage", "prompt_tokens");
      if (prompt.integer() <= less) prompt.wrong(`must be more than the ${less} before the tool's answer`);
    },
  }),
  of("chat.tools.round", "must", "a call that was made can be answered", {
    ...choice,
    asks: [REQUIRED],
    next: ([answer]) => {
      const { id, name, args } = firstCall(answer);
      const made = {
        role: "assistant",
        content: "",
        tool_calls: [{ id, type: "function", function: { name, arguments: args } }],
      };
      const messages = [...QUESTION.messages, made, { role: "tool", tool_call_id: id, content: "done" }];
      return [chat({ tools: TOOLS, messages, tool_choice: "none" })];
    },
    check: ([, answer]) =>
      void (contentOf(bodyOf(answer)) || bodyOf(answer).at("choices", 0, "message").wrong("must have text")),
  }),
  of("chat.tools.unknown", "must", "a tool_choice by a name that there is not is refused", {
    ...byName,
    asks: [chat({ ...QUESTION, tool_choice: named("no_such_tool") })],
    check: ([answer]) => void refusalOf(answer),
  }),
  of("chat.tools.required.without", "should", "tool_choice required without tools is refused", {
    ...choice,
    asks: [chat({ messages: [user("Hi")], tool_choice: "required" })],
    check: ([answer]) => void refusalOf(answer),
  }),
  of("chat.tools.broken", "must", "a tool without a function is refused", {
    asks: [chat({ ...QUESTION, tools: [{ type: "function" }] })],
    check: ([answer]) => void refusalOf(answer),
  }),
];
