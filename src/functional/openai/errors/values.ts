import { refusalOf } from "../../model/answers.ts";
import { chat, completion } from "../../model/ask.ts";
import type { Case } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";

type Bad = readonly [id: string, severity: Case["severity"], fields: Readonly<Record<string, unknown>>];

/** Values that no server can follow, by the name of the case: what is ignored instead of refused misleads who sent it. */
const BAD: readonly Bad[] = [
  ["temperature.negative", "must", { temperature: -0.5 }],
  ["temperature.text", "must", { temperature: "hot" }],
  ["top_p.high", "must", { top_p: 1.5 }],
  ["top_p.negative", "must", { top_p: -0.1 }],
  ["max_tokens.negative", "must", { max_tokens: -1 }],
  ["max_tokens.text", "must", { max_tokens: "many" }],
  ["n.zero", "should", { n: 0 }],
  ["n.negative", "should", { n: -1 }],
  ["presence_penalty.high", "should", { presence_penalty: 3 }],
  ["presence_penalty.low", "should", { presence_penalty: -3 }],
  ["frequency_penalty.high", "should", { frequency_penalty: 3 }],
  ["frequency_penalty.low", "should", { frequency_penalty: -3 }],
  ["stop.number", "should", { stop: 7 }],
  ["stream.text", "should", { stream: "sometimes" }],
  ["seed.text", "should", { seed: "lucky" }],
  ["logit_bias.list", "should", { logit_bias: [1, 2] }],
  ["stream_options.alone", "should", { stream_options: { include_usage: true } }],
];

const shown = (fields: Bad[2]) =>
  Object.entries(fields)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(", ");

const ofChat = casesOf("errors", "chat");
const ofCompletions = casesOf("errors", "completions");

/** Parameters out of their range, of chats and of completions. */
export const BAD_VALUES: readonly Case[] = BAD.flatMap(([id, severity, fields]) => [
  ofChat(`errors.chat.${id}`, severity, `a chat with ${shown(fields)} is refused`, {
    asks: [chat(fields)],
    check: ([answer]) => void refusalOf(answer),
  }),
  ofCompletions(`errors.completions.${id}`, severity, `a completion with ${shown(fields)} is refused`, {
    asks: [completion(fields)],
    check: ([answer]) => void refusalOf(answer),
  }),
]);
