import fc from "fast-check";
import { expect, test } from "vitest";
import { inlineJson, named, plainJson, plainLine, plainText } from "../../src/foreign-text/plain.ts";
import { commandsIn } from "../support/runner-commands.ts";

test.each([
  ["no change: é 漢字 👩‍💻 50 % | a::b # 1", "no change: é 漢字 👩‍💻 50 % | a::b # 1"],
  ["::set-output name=a::b", "│ ::set-output name=a::b"],
  ["one\n \t::warning::two", "one\n│  \t::warning::two"],
  ["\u00a0\u3000::warning::x", "│ \u00a0\u3000::warning::x"],
  [":\u034f:warning::x", "│ :\u034f:warning::x"],
  ["loading ##[error]boo", "loading # #[error]boo"],
  ["###[group]a ##vso[task]b ##teamcity[c]", "## #[group]a # #vso[task]b # #teamcity[c]"],
  ["50 %\r::warning::x", "50 %␍::warning::x"],
  ["one\r\ntwo", "one\ntwo"],
  ["\u001b[31mred\u001b[0m \u001b]0;title\u0007end \u001b]8;;http://x.test\u001b\\link", "red end link"],
  ["\u001b]0;a title without an end", "0;a title without an end"],
  ["\u001bPq#0\u001b\\ \u009b1mbold \u001bc \u0007\u0000\u007f", " bold  ␇␀␡"],
  ["gnp.\u202eexe \u2066x\u2069 \u200b\ufeff", "gnp.[U+202E]exe [U+2066]x[U+2069] [U+200B][U+FEFF]"],
  ["a\u0085b\u2028c\u2029d", "a[U+0085]b[U+2028]c[U+2029]d"],
])("%j is shown as %j", (text, shown) => {
  expect(plainText(text)).toBe(shown);
});

test("a line begins with its first character, also where a colour stood before its spaces", () => {
  expect(plainLine("\u001b[0m    a fine line \u001b[0m ")).toBe("a fine line");
});

test("a title stays in its line", () => {
  expect(plainLine("one\n::endgroup::\r\ntwo\n")).toBe("one ⏎ ::endgroup:: ⏎ two");
});

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "::",
        ":",
        "##[",
        "#",
        "[",
        "vso[",
        "set-output name=a::b",
        "error]",
        "\r",
        "\n",
        "\r\n",
        "\u0085",
      ),
      fc.constantFrom("\u2028", " ", "\t", "\u00a0", "\u001b[1m", "\u001b]0;", "\u0007", "\u0000", "\u034f", "\u200b"),
      fc.string({ unit: "binary" }),
    ),
  )
  .map((parts) => parts.join(""));

test("no text has a command of a runner or an escape sequence, whatever it is", () => {
  fc.assert(
    fc.property(text, (one) => {
      const shown = plainText(one);
      expect(commandsIn(shown)).toEqual([]);
      expect(shown).not.toMatch(/(?![\n\t])\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      expect(plainText(shown)).toBe(shown);
    }),
  );
});

test("JSON means what it did, and is as inert", () => {
  fc.assert(
    fc.property(fc.record({ a: text, b: fc.array(text) }), (value) => {
      const shown = plainJson(value);
      expect(JSON.parse(shown)).toEqual(value);
      expect(commandsIn(shown)).toEqual([]);
    }),
  );
});

test("HTML is itself, with what a text hid in it named", () => {
  const html = '<p title="\u202ea\u2069">\u001b]0;x</p>\r\n::b:: ##[c]<i>\u0007</i>';
  expect(named(html)).toBe('<p title="[U+202E]a[U+2069]">␛]0;x</p>\n::b:: ##[c]<i>␇</i>');
});

test("JSON in a page has no end of its element in it, and names what its texts hide once they are read", () => {
  const json = inlineJson({ a: ["</script><!--", "\u202eb\u001b"] });
  expect(json).not.toContain("<");
  expect(JSON.parse(json)).toEqual({ a: ["</script><!--", "[U+202E]b␛"] });
});
