import { bodyOf, deltasOf, eventsOf, finishReasons, notCut, same } from "../../model/answers.ts";
import { chat, chatStream } from "../../model/ask.ts";
import { type Answer, type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";
import { doneAtEnd, endsOnce } from "../streams.ts";
import { type Call, callOf, checkArguments, named, ONE_CALL, QUESTION, streamedCalls } from "../tools.ts";

const of = casesOf("chat", "chat", "chat.tools");
const byName = { ...QUESTION, tool_choice: named("set_light") };
const choice = { needs: ["chat.tool_choice", "chat.tool_calls.parallel"] } as const;

function firstOf(answer: Answer | undefined): Call {
  const [call] = streamedCalls(answer);
  if (call === undefined) throw new Deviation("the stream must call a tool");
  return call;
}

/** What two calls have in common, whatever their ids: JSON's blanks say nothing. */
const toCompare = ({ name, args }: Call) => [name, JSON.stringify(JSON.parse(args))];

function sameCall([whole, stream]: readonly Answer[]): void {
  const choice = bodyOf(whole).at("choices", 0);
  notCut(choice.at("finish_reason").value);
  const call = callOf(choice.at("message", "tool_calls").list()[0]!);
  const streamed = firstOf(stream);
  checkArguments(streamed, "the streamed arguments");
  checkArguments(call, "$.choices[0].message.tool_calls[0].function.arguments");
  same("the call", toCompare(streamed), toCompare(call));
}

/** Calls of tools, in pieces. */
export const CHAT_TOOL_STREAMS: readonly Case[] = [
  of("chat.tools.stream", "must", "the pieces of a call add up to arguments that match the JSON Schema", {
    ...choice,
    asks: [chatStream(ONE_CALL)],
    check: ([answer]) => checkArguments(firstOf(answer), "the streamed arguments"),
  }),
  of("chat.tools.stream.same", "must", "a streamed call is that of the whole answer", {
    ...choice,
    asks: [chat(ONE_CALL), chatStream(ONE_CALL)],
    check: sameCall,
  }),
  of("chat.tools.stream.named", "must", "a streamed call by name calls that tool", {
    needs: ["chat.tool_choice.by_name"],
    asks: [chatStream(byName)],
    check: ([answer]) => same("the name of the tool", firstOf(answer).name, "set_light"),
  }),
  of("chat.tools.stream.named.same", "must", "a streamed call by name is that of the whole answer", {
    needs: ["chat.tool_choice.by_name"],
    asks: [chat(byName), chatStream(byName)],
    check: sameCall,
  }),
  of("chat.tools.stream.type", "should", "the first piece of a call has its type", {
    ...choice,
    asks: [chatStream(ONE_CALL)],
    check: ([answer]) => {
      firstOf(answer);
      const first = deltasOf(eventsOf(answer)).find((one) => !one.at("delta", "tool_calls").isNothing());
      first!.at("delta", "tool_calls", 0, "type").is("function");
    },
  }),
  of("chat.tools.stream.end", "must", "a streamed call ends once, and with [DONE]", {
    ...choice,
    asks: [chatStream(ONE_CALL)],
    check: (answers) => {
      endsOnce()(answers);
      doneAtEnd(answers);
    },
  }),
  of("chat.tools.stream.finish", "should", "a streamed call ends with the reason of the whole answer", {
    ...choice,
    asks: [chat(ONE_CALL), chatStream(ONE_CALL)],
    check: ([whole, stream]) =>
      same("finish_reason", finishReasons(eventsOf(stream))[0], bodyOf(whole).at("choices", 0, "finish_reason").value),
  }),
  of("chat.tools.stream.auto", "must", "a stream with tools calls one well, or says something", {
    asks: [chatStream({ ...QUESTION, tool_choice: "auto" })],
    check: ([answer]) => {
      for (const call of streamedCalls(answer)) checkArguments(call, "the streamed arguments");
      endsOnce()([answer!]);
    },
  }),
];
