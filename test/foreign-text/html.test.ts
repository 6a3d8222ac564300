import { expect, test } from "vitest";
import { html } from "../../src/foreign-text/html.ts";

test("texts between tags and in attributes mean nothing but themselves", () =>
  expect(html`<p title="${'" onclick="x'}">${"<b>&amp;'"}</p>`.source).toBe(
    '<p title="&#34; onclick=&#34;x">&#60;b&#62;&#38;amp;&#39;</p>',
  ));

test("HTML keeps its meaning, alone and in a list", () =>
  expect(html`<ul>${[1, 2].map((one) => html`<li>${one}</li>`)}</ul>${html`<hr>`}`.source).toBe(
    "<ul><li>1</li><li>2</li></ul><hr>",
  ));

test("no sign that turns a line around or ends it is left", () => {
  const { source } = html`${"a\u202eb\u0000c\nd"}`;
  for (const sign of ["\u202e", "\u0000", "\n"]) expect(source).not.toContain(sign);
});
