import { expect, test } from "vitest";
import { askedVerb, checkVerb, TRIED } from "../../src/cli/unknown-verb.ts";
import { VERBS } from "../../src/verbs/registry.ts";

const NAMES = VERBS.map(({ name }) => name);

test("no word with a hint of its own is the name of a command, and none stands there twice", () => {
  const words = Object.values(TRIED).flat();
  expect(words.filter((word) => NAMES.includes(word))).toEqual([]);
  expect(new Set(words).size).toBe(words.length);
});

test("every hint names commands that there are", () => {
  for (const [word] of Object.values(TRIED)) {
    let message = "";
    try {
      checkVerb([word!], NAMES);
    } catch (error) {
      message = (error as Error).message;
    }
    const named = [...message.matchAll(/pitwall ([a-z][a-z-]*)/g)].map(([, name]) => name!);
    expect(message).toContain(`there is no command “${word}”`);
    expect(named.filter((name) => !NAMES.includes(name))).toEqual([]);
  }
});

test.each([
  [[]],
  [["run"]],
  [["help"]],
  [["help", "run"]],
  [["--help"]],
  [["--version"]],
  [["run", "--preset", "demo"]],
])("%j is for the commands themselves", (args) => expect(() => checkVerb(args, NAMES)).not.toThrow());

test.each([
  [[], undefined],
  [["--help"], undefined],
  [["runn"], undefined],
  [["run", "--preset", "demo"], "run"],
  [["help", "verify"], "verify"],
  [["--version", "verify"], "verify"],
  [["--", "verify"], "verify"],
  [["history", "retract", "run"], "history"],
])("%j asks for %s", (args, verb) => expect(askedVerb(args, NAMES)).toBe(verb));
