import { expect, test } from "vitest";
import { slack, slackCode, slackLines, slackLink, slackText } from "../../src/foreign-text/slack.ts";

test("no text is a mention, a link or a line of its own in Slack", () => {
  expect(slackText("<!pitwall-marker> <http://x.test|y> & @someone\nnext").source).toBe(
    "&lt;!pitwall-marker&gt; &lt;http://x.test|y&gt; &amp; @\u200bsomeone ⏎ next",
  );
});

test("a text that is cut has no half of an escape at its end", () => {
  expect(slackText("a<<<", 8).source).toBe("a&lt;…");
  expect(slackText("abcd", 4).source).toBe("abcd");
});

test("code ends where it should", () => {
  expect(slackCode("a`b").source).toBe("`aˋb`");
});

test("a link is one of the web, and its address cannot end it", () => {
  expect(slackLink("https://x.test/a|b>c d&e", "Open <it>")?.source).toBe(
    "<https://x.test/a%7Cb%3Ec%20d&amp;e|Open &lt;it&gt;>",
  );
  for (const address of ["javascript:1", "data:text/html,x", "nowhere", null, `https://x.test/${"x".repeat(2000)}`]) {
    expect(slackLink(address, "Open")).toBeUndefined();
  }
});

test("a text in what is written is one, and what is written is itself, in JSON too", () => {
  const message = slack`*${"<!here>"}* ${slackCode("x")} ${2}`;
  expect(JSON.parse(JSON.stringify({ message }))).toEqual({ message: "*&lt;!here&gt;* `x` 2" });
});

test("lines are kept whole, as many as there is room for", () => {
  const lines = [slack`one`, slack`two`, slack`three`];
  expect(slackLines(lines, 13).source).toBe("one\ntwo\nthree");
  expect(slackLines(lines, 12).source).toBe("one\ntwo\n…");
});
