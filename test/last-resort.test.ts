import { readFileSync, writeFileSync } from "node:fs";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { messageOf, UserError } from "../src/errors.ts";
import { lastWords, wantsStack } from "../src/last-resort.ts";

const quiet = { stack: false, howToSee: "--debug" };

function refusalOf(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was refused");
}

describe("what the operating system refuses is said in words, with what to do", () => {
  test.each<[string, (path: string) => unknown, RegExp]>([
    ["a folder in a file's place", (path) => readFileSync(path), /it is a folder, and a file is wanted; name a file/],
    ["a file in a folder's place", (path) => readFileSync(`${path}/file/x`), /a part of the path is a file/],
    [
      "a long name",
      (path) => readFileSync(`${path}/${"n".repeat(300)}`),
      /the name is too long .* choose a shorter one/,
    ],
    ["a full disk", () => writeFileSync("/dev/full", "x"), /no space is left on the disk; free some/],
    ["nothing", (path) => readFileSync(`${path}/none`), /it does not exist/],
  ])("%s", async (_, attempt, words) => {
    await using fixture = await createFixture({ file: "x" });
    const error = refusalOf(() => attempt(fixture.path));
    expect(messageOf(error)).toMatch(words);
    expect(lastWords(error, quiet)).toMatch(words);
    expect(lastWords(error, quiet)).not.toMatch(/E[A-Z]{4,}| at /);
  });
});

test("what a user can mend is its own sentence", () => {
  expect(lastWords(new UserError("name a model"), quiet)).toBe("name a model");
});

test("what nobody expected is one sentence that says where to report it", () => {
  const words = lastWords(new TypeError("no such property"), quiet);
  expect(words).toMatch(/^something went wrong .*TypeError: no such property.*--debug.*https:.*\/issues$/);
});

test("a stack, and those of its causes, come on request only", () => {
  const error = new UserError("name a model", { cause: new TypeError("why") });
  expect(lastWords(error, { ...quiet, stack: true })).toMatch(
    /^name a model\n[\s\S]*last-resort\.test[\s\S]*caused by TypeError: why/,
  );
  expect(wantsStack({})).toBe(false);
  expect([{ RUNNER_DEBUG: "1" }, { ACTIONS_STEP_DEBUG: "true" }].map(wantsStack)).toEqual([true, true]);
});
