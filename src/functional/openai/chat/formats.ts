import { bodyOf, contentOf, eventsOf, finishReasons, notCut, refusalOf, streamedText } from "../../model/answers.ts";
import { chat, chatStream, user } from "../../model/ask.ts";
import type { Answer, Case } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";
import { Found } from "../../model/found.ts";
import { jsonIn, matchesSchema } from "../schema-check.ts";
import { withinLimit } from "./limits.ts";

const of = casesOf("chat", "chat");
const object = { needs: ["chat.response_format.json_object"] } as const;
const schema = { needs: ["chat.response_format.json_schema"] } as const;
const CONTENT = "$.choices[0].message.content";

const asked = { messages: [user("Describe the sea as JSON, briefly.")], max_tokens: 200 };
const JSON_OBJECT = { ...asked, response_format: { type: "json_object" } };

const closed = (properties: Record<string, object>) => ({
  ...{ type: "object", properties, required: Object.keys(properties), additionalProperties: false },
});
const FLAT = closed({ colour: { type: "string", enum: ["blue", "green", "grey"] }, deep: { type: "boolean" } });
const NESTED = closed({ place: closed({ ocean: { enum: ["Atlantic", "Pacific"] } }), salty: { type: "boolean" } });
const LISTS = closed({ days: { type: "array", items: { enum: ["Mon", "Tue"] }, minItems: 2, maxItems: 3 } });
const ANY = closed({ depth: { anyOf: [{ type: "boolean" }, { enum: ["unknown"] }] } });
const REFERS = {
  ...closed({ first: { $ref: "#/$defs/tide" } }),
  $defs: { tide: { type: "string", enum: ["ebb", "flood"] } },
};

const format = (of: object) => ({
  ...asked,
  response_format: { type: "json_schema", json_schema: { name: "sea", schema: of } },
});

/** Text and end of an answer, whole or streamed. */
function endOf(answer: Answer | undefined): { text: string; finish: unknown } {
  if (answer?.contentType.startsWith("text/event-stream")) {
    const events = eventsOf(answer);
    return { text: streamedText(events), finish: finishReasons(events)[0] };
  }
  const body = bodyOf(answer);
  return { text: contentOf(body), finish: body.at("choices", 0, "finish_reason").value };
}

/** An object that nothing bounds may go on up to the limit: then it has begun at least. */
function begun({ text, finish }: { text: string; finish: unknown }): void {
  if (text.trimStart().startsWith("{")) notCut(finish);
}

/** Holds an answer against a JSON Schema, unless it was cut off at its limit. */
export const matches =
  (wanted: object) =>
  ([answer]: readonly Answer[]): void => {
    const end = endOf(answer);
    begun(end);
    matchesSchema(end.text, wanted, CONTENT);
  };

function isObject([answer]: readonly Answer[]): void {
  const end = endOf(answer);
  begun(end);
  new Found(jsonIn(end.text, CONTENT), CONTENT).object();
}

/** Answers in a form that was asked for. */
export const CHAT_FORMATS: readonly Case[] = [
  of("chat.format.text", "must", "response_format text is taken", {
    asks: [chat({ response_format: { type: "text" } })],
    check: withinLimit(8),
  }),
  of("chat.format.json_object", "must", "json_object gives an object", {
    ...object,
    asks: [chat(JSON_OBJECT)],
    check: isObject,
  }),
  of("chat.format.json_object.stream", "must", "a streamed json_object is an object", {
    ...object,
    asks: [chatStream(JSON_OBJECT)],
    check: isObject,
  }),
  ...(
    [
      ["", "an object of choices and booleans", FLAT],
      [".nested", "an object in an object", NESTED],
      [".list", "a list of bounded length", LISTS],
      [".any", "one of two kinds", ANY],
      [".refers", "a definition that is referred to", REFERS],
    ] as const
  ).map(([suffix, what, wanted]) =>
    of(`chat.format.json_schema${suffix}`, "must", `json_schema holds: ${what}`, {
      ...schema,
      asks: [chat(format(wanted))],
      check: matches(wanted),
    }),
  ),
  of("chat.format.json_schema.strict", "must", "a strict json_schema holds", {
    ...schema,
    asks: [
      chat({
        ...asked,
        response_format: { type: "json_schema", json_schema: { name: "sea", strict: true, schema: FLAT } },
      }),
    ],
    check: matches(FLAT),
  }),
  of("chat.format.json_schema.finish", "should", "an answer that is complete ends with the reason stop", {
    ...schema,
    asks: [chat(format(FLAT))],
    check: ([answer]) => {
      begun(endOf(answer));
      bodyOf(answer).at("choices", 0, "finish_reason").is("stop");
    },
  }),
  of("chat.format.json_schema.stream", "must", "a streamed answer matches the json_schema", {
    ...schema,
    asks: [chatStream(format(FLAT))],
    check: matches(FLAT),
  }),
  of("chat.format.unknown", "must", "a response_format that there is not is refused", {
    asks: [chat({ response_format: { type: "no_such_format" } })],
    check: ([answer]) => void refusalOf(answer),
  }),
  of("chat.format.json_schema.missing", "should", "json_schema without a schema is refused", {
    ...schema,
    asks: [chat({ response_format: { type: "json_schema" } })],
    check: ([answer]) => void refusalOf(answer),
  }),
  of("chat.format.json_schema.broken", "should", "a json_schema that is none is refused", {
    ...schema,
    asks: [chat(format({ type: "no-such-type" }))],
    check: ([answer]) => void refusalOf(answer),
  }),
];
