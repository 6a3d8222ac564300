import fc from "fast-check";
import { expect, test } from "vitest";
import { EventTemplate } from "../../../../src/load/thread/answer/event-template.ts";

interface Chunk {
  choices: [{ text?: string; delta?: { content?: string } }];
}

/** Whether the second event is known after the first. */
function isKnown(first: string, second: string): boolean {
  const template = new EventTemplate();
  template.learn(first, (JSON.parse(first) as Chunk).choices[0]);
  const event = `data: ${second}\n\n`;
  const bytes = Buffer.from(`xx${event}xx`);
  const end = template.endOf(bytes, 2, bytes.length - 2);
  expect([2, 2 + Buffer.byteLength(event)]).toContain(end);
  return end > 2;
}
const event = (text: string, rest: object = {}) =>
  JSON.stringify({ id: "x", choices: [{ index: 0, text, ...rest }], object: "o" });

test.each([
  ["another text", event("a"), event("größe 🙂 日本"), true],
  ["with spaces", event("a").replaceAll(":", ": "), event("bc").replaceAll(":", ": "), true],
  ["an empty text", event("a"), event(""), false],
  ["a text with an escape", event("a"), event("\n"), false],
  [
    "a text that closes and goes on",
    event("a"),
    event("a").replace('"a"', '"b","finish_reason":"stop","x":"y"'),
    false,
  ],
  ["bytes that JSON forbids in a text", event("a"), event("a").replace('"a"', '"\t"'), false],
  ["another id", event("a"), event("b").replace('"x"', '"y"'), false],
  ["a finish reason", event("a"), event("b", { finish_reason: "stop" }), false],
  ["less than what stands around the text", event("a"), event("b").slice(0, 20), false],
  ["after a first text with an escape", event('"'), event("b"), false],
  [
    "where a key only ends like it",
    '{"a\\"text":"x","choices":[{"text":"a"}]}',
    '{"a\\"text":"y","choices":[{"text":"a"}]}',
    false,
  ],
])("%s", (_what, first, second, known) => expect(isKnown(first, second)).toBe(known));

test("what is known parses as what was learnt, but for the text", () => {
  const extra = fc.dictionary(
    fc.constantFrom("text", "content", "a", 'b"', "logprobs"),
    fc.constantFrom<unknown>(null, 7, "", "x", '"', ["x"], { text: "y" }, { content: "" }),
  );
  const text = fc.string({ unit: "binary", maxLength: 4 });
  const choice = fc.record({ front: extra, text, back: extra, isChat: fc.boolean() });
  const written = ({
    front,
    text: said,
    back,
    isChat,
  }: {
    front: object;
    text: string;
    back: object;
    isChat: boolean;
  }) => {
    const own = isChat ? { delta: { ...front, content: said } } : { ...front, text: said };
    return JSON.stringify({ ...front, choices: [{ ...own, ...back }], ...back });
  };
  const edit = fc.tuple(fc.nat(), fc.constantFrom('"', "\\", "x", ",", "{", "\n", ""));
  fc.assert(
    fc.property(choice, text, fc.option(edit), (first, said, damage) => {
      let second = written({ ...first, text: said });
      if (damage !== null) {
        const at = damage[0] % second.length;
        second = second.slice(0, at) + damage[1] + second.slice(at + 1);
      }
      if (!isKnown(written(first), second)) return;
      const shape = (json: string) =>
        JSON.stringify(JSON.parse(json), (_key, value) => (typeof value === "string" ? value !== "" : value));
      expect(shape(second)).toBe(shape(written(first)));
    }),
    { numRuns: 1000 },
  );
});
