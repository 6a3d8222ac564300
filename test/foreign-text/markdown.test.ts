import fc from "fast-check";
import { lexer } from "marked";
import { expect, test } from "vitest";
import { type Column, code, fence, joined, type Markdown, md, table } from "../../src/foreign-text/markdown.ts";

test.each([
  ["meta-llama/Llama-3.1_8B · 12.5 % (tok/s) <= 3", "meta-llama/Llama-3.1_8B · 12.5 % (tok/s) <= 3"],
  ["[a link](http://x.test) ![i](y)", "\\[a link\\](http:&#8203;//x.test) !\\[i\\](y)"],
  ["<b id=x> </details> <!-- -->", "&lt;b id=x> &lt;/details> &lt;!-- -->"],
  ["**bold** _it_ ~~no~~ `code` $x$", "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\`code\\` \\$x\\$"],
  ["@someone fixes #12, GH-3 and octo/llm#4", "@&#8203;someone fixes #&#8203;12, GH-&#8203;3 and octo/llm#&#8203;4"],
  ["www.x.test https://x.test a@b.test", "www&#8203;.x.test https:&#8203;//x.test a@&#8203;b.test"],
  ["a | b \\| c\\", "a \\| b \\\\\\| c\\\\"],
  ["&lt; &#60; & C:\\dir", "&amp;lt; &amp;#&#8203;60; & C:\\dir"],
  ["one\n\n# two\r\n```", "one ⏎  ⏎ # two ⏎ \\`\\`\\`"],
])("%j is the text %j", (text, source) => {
  expect(md`- ${text}`.source).toBe(`- ${source}`);
});

test.each([
  ["# title", "\\# title"],
  ["- item", "\\- item"],
  ["  > quote", "\\> quote"],
  ["1. first", "1\\. first"],
  ["===", "\\==="],
  ["12.5 %", "12.5 %"],
])("%j at the beginning of a line begins no block", (text, source) => {
  expect(md`${text}\n\n${text}`.source).toBe(`${source}\n\n${source}`);
});

test("what is Markdown stays what it is", () => {
  const parts = [md`**${"a*b"}**`, md`${1}`];
  expect(md`x ${joined(parts, ", ")}`.source).toBe("x **a\\*b**, 1");
});

test("an object that looks like Markdown is none", () => {
  expect(md`x ${{ source: "**bold**" } as unknown as string}`.source).not.toContain("**");
});

test("code is quoted by more backticks than it has", () => {
  expect(code("rate_0").source).toBe("`rate_0`");
  expect(code("a `` b").source).toBe("```a `` b```");
  expect(code("`").source).toBe("`` ` ``");
  expect(code("").source).toBe("`–`");
});

test("a text may have more runs of backticks than a call takes arguments", () => {
  const text = "` ".repeat(300_000);
  expect(fence(text).source).toBe(`\`\`\`\`text\n${text}\n\`\`\`\``);
});

test("a log is fenced by more backticks than it has, and keeps its lines", () => {
  expect(fence("one\n  two").source).toBe("````text\none\n  two\n````");
  expect(fence("a\n``````\r**b**").source).toBe("```````text\na\n``````␍**b**\n```````");
});

/** Kinds of the parts that a reader of GitHub's Markdown finds. */
function kindsIn({ source }: Markdown): string[] {
  const kinds = new Set<string>();
  const look = (token: object): void => {
    if ("type" in token) kinds.add(String(token.type));
    for (const value of Object.values(token)) if (typeof value === "object" && value !== null) look(value);
  };
  look([...lexer(source, { gfm: true })]);
  return [...kinds].toSorted();
}

const piece = fc.constantFrom(
  ...[
    "[a](b)",
    "![",
    "](",
    "[",
    "]",
    "<b id=x>",
    "</details>",
    "<!--",
    "`",
    "```",
    "*",
    "**",
    "_",
    "~~",
    "|",
    "\\",
    "\n",
  ],
  ...[
    "# ",
    "- ",
    "1. ",
    "> ",
    "---",
    "===",
    "    ",
    "https://x.test",
    "www.x.test",
    "a@b.test",
    "&lt;",
    "&",
    "word",
    " ",
  ],
);
const hostile = fc.array(fc.oneof(piece, fc.string()), { minLength: 1 }).map((texts) => texts.join(""));
const left: Column = { title: "a", align: "left" };
const right: Column = { title: "b", align: "right" };
const TEXT = ["escape", "paragraph", "space", "text"];

test("a table has a row for each list of cells, and its columns their side", () =>
  expect(
    table(
      [left, right],
      [
        ["x|y", 1],
        [code("z"), md`**2**`],
      ],
    ).source,
  ).toBe("| a | b |\n| :-- | --: |\n| x\\|y | 1 |\n| `z` | **2** |"));

test.each([
  ["in a paragraph", (text: string) => md`first\n\n${text}\n\nlast`, []],
  ["in a list", (text: string) => md`- ${text}\n- **${text}**.`, ["list", "list_item", "strong"]],
  ["in a table", (text: string) => table([left, right], [[text, text]]), ["table"]],
  ["as code", (text: string) => md`- ${code(text)} after`, ["codespan", "list", "list_item"]],
  ["as a log", (text: string) => md`${fence(text)}\n\nafter`, ["code"]],
] as const)("whatever a text holds, it is text: %s", (_, made, around) => {
  const allowed: string[] = [...TEXT, ...around];
  fc.assert(
    fc.property(hostile, (text) => {
      expect(kindsIn(made(text)).filter((kind) => !allowed.includes(kind))).toEqual([]);
    }),
  );
});
