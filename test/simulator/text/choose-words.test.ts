import { expect, test } from "vitest";
import { chooseWords, type Taste } from "../../../src/simulator/text/choose-words.ts";
import { encodeText } from "../../../src/simulator/text/pseudo-tokens.ts";
import { wordsOf } from "../../../src/simulator/text/words.ts";

const FREE: Taste = { multibyte: false, seed: null, bias: new Map(), allowedIds: null, badWords: [] };
const text = (taste: Partial<Taste>, choice = 0, count = 4) =>
  chooseWords({ ...FREE, ...taste }, choice, count)
    .slice(0, count)
    .map((token) => token.text)
    .join("");

test("without a seed all answers say the same, and several answers to a prompt begin at another word", () => {
  expect(text({})).toBe(" this answer is simulated");
  expect(text({}, 1)).toBe(" answer is simulated and");
});

test("the same seed draws the same words, another seed others", () => {
  expect(text({ seed: 7 })).toBe(text({ seed: 7 }));
  const texts = Array.from({ length: 200 }, (_, seed) => text({ seed: seed - 100 }));
  expect(new Set(texts).size).toBe(200);
  expect(text({ seed: 7 }, 0)).not.toBe(text({ seed: 7 }, 1));
});

test("a strong bias is said always or never", () => {
  const [id] = encodeText("yes!") as [number];
  expect(text({ bias: new Map([[id, 100]]) }, 0, 1)).toBe("yes!");
  const [, second] = wordsOf(false);
  expect(text({ bias: new Map([[second!.id, -100]]) })).toBe(" this is simulated and");
  expect(text({ bias: new Map([[second!.id, 5]]) })).toBe(" this answer is simulated");
});

test("only allowed tokens are said, and no bad words", () => {
  expect(text({ allowedIds: [...encodeText("ab"), ...encodeText("cd")] }, 0, 2)).toBe("abcd");
  expect(text({ badWords: ["answer", " is"] })).toBe(" simulated and means nothing");
});
