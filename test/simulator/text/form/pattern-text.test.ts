import { expect, test } from "vitest";
import { NoInstance } from "../../../../src/simulator/text/form/no-instance.ts";
import { textOfPattern } from "../../../../src/simulator/text/form/pattern-text.ts";

test.each([
  ["yes|no", "yes"],
  ["[0-9]{3}", "000"],
  ["[a-c]{2,5}x*y+z?", "aay"],
  ["\\d{4}-\\d{2}-\\d{2}", "0000-00-00"],
  ["^(\\+1 )?\\(\\d\\d\\)$", "(00)"],
  ["(?:ab|c){2}", "abab"],
  ["[^a-z]", "0"],
  ["[]x]", "]"],
  ["[-a]\\w\\s\\.", "-a ."],
  ["(a|(b|c))+?", "a"],
  ["a{b", "a{b"],
  ["é🤖+", "é🤖"],
  ["", ""],
])("the pattern %s is answered with %s", (pattern, text) => {
  expect(textOfPattern(pattern)).toBe(text);
});

test.each([
  ["(", "unclosed group"],
  [")", "unmatched )"],
  ["[a", "unclosed class"],
  ["*a", "nothing to repeat"],
  ["a(?=b)", "only plain groups"],
  ["(?<name>a)", "only plain groups"],
  ["\\bword", "\\b is not known"],
  ["(a)\\1", "\\1 is not known"],
  ["a\\", "ends with a backslash"],
  ["(a{9999}){9999}", "its text would be too long"],
  ["(".repeat(200), "nested too deeply"],
])("the pattern %s is refused", (pattern, message) => {
  expect(() => textOfPattern(pattern)).toThrow(NoInstance);
  expect(() => textOfPattern(pattern)).toThrow(message);
});
