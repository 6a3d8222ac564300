import { expect, test } from "vitest";
import { z } from "zod";
import { UserError } from "../../src/errors.ts";
import { fileList, flag, parsed, parsedList, secret, text } from "../../src/verbs/schema/fields.ts";
import { inGroup } from "../../src/verbs/schema/groups.ts";
import { percent, rateList } from "../../src/verbs/schema/number-fields.ts";
import { resolveInputs } from "../../src/verbs/schema/resolve-inputs.ts";
import { defineVerb, type Verb } from "../../src/verbs/verb.ts";
import { wholeProgram } from "../support/whole-program.ts";

function parseLevel(text: string): { level: number } {
  const level = Number(text.replace(/^L/, ""));
  if (Number.isNaN(level)) throw new UserError(`“${text}” is no level; write L and a number, as in L3`);
  return { level };
}

const verb = defineVerb({
  name: "climb",
  description: "Climbs.",
  inputs: z.strictObject(
    inGroup("What to do", {
      start: parsed(parseLevel, "Where to start.", "LEVEL").prefault("L1"),
      stops: parsedList(parseLevel, "Where to stop.", "LEVEL").optional(),
      rates: rateList("How fast.").default([1, 2]),
      slack: percent("How exactly.").prefault("5%"),
      maps: fileList("Which maps.").optional(),
      rope: flag("With a rope.").default(true),
      file: text("Where to write of it.", "FILE").meta({ flag: "diary" }).optional(),
      key: secret("Of the hut.").optional(),
    }),
  ),
  outputs: {},
  run: async () => ({ ok: true, outputs: {} }),
}) as unknown as Verb;

/** Inputs of a command line, typed. */
async function inputsOf(...args: string[]) {
  let inputs: Record<string, unknown> = {};
  const program = wholeProgram(
    async (one, given) => {
      inputs = resolveInputs(one, given, {}, {});
    },
    [verb],
  );
  await program.parseAsync(["node", "pitwall", "climb", ...args]);
  return inputs;
}

const help = () =>
  wholeProgram(async () => {}, [verb])
    .commands[0]!.helpInformation()
    .replaceAll(/\s+/g, " ");

test("a flag that may be repeated takes several flags, lists, and both together", async () => {
  const levels = [{ level: 1 }, { level: 2 }, { level: 3 }];
  expect((await inputsOf("--stops", "L1", "--stops", "L2", "--stops", "L3")).stops).toEqual(levels);
  expect((await inputsOf("--stops", "L1,L2,L3")).stops).toEqual(levels);
  expect((await inputsOf("--stops", "L1, L2", "--stops", "L3")).stops).toEqual(levels);
  expect((await inputsOf("--maps", "a.json", "--maps", "b.json")).maps).toEqual(["a.json", "b.json"]);
});

test("an input whose flag has another name is found under its key", async () => {
  expect((await inputsOf("--diary", "climb.txt")).file).toBe("climb.txt");
  await expect(inputsOf("--file", "climb.txt")).rejects.toThrow("unknown option '--file'");
});

test("a value that a parser refuses is refused with its words and the flag's name", async () =>
  await expect(inputsOf("--stops", "L1", "--stops", "summit")).rejects.toThrow(
    "--stops: “summit” is no level; write L and a number, as in L3",
  ));

test("defaults are parsed as if they had been typed", async () =>
  expect(await inputsOf()).toMatchObject({ start: { level: 1 }, slack: 0.05, rates: [1, 2], rope: true }));

test("help shows every default as it would be typed", () => {
  expect(help()).toContain("--start <LEVEL> Where to start. (default: L1)");
  expect(help()).toContain("--slack <PERCENT> How exactly. (default: 5%)");
  expect(help()).toContain("--rates <RATE,…|inf> How fast. (default: 1,2)");
  expect(help()).toContain("--no-rope The opposite (default: on).");
});

test("a secret is no flag", () => expect(help()).not.toContain("--key"));

test("a secret that is typed is refused with where it goes, and is not repeated", async () => {
  const refusal = await inputsOf("--key", "s3cret").catch((error: Error) => error.message);
  expect(refusal).toBe("--key is taken from the environment only, as PITWALL_KEY: a flag would be seen by others");
});

test("a switch can be turned off", async () => expect((await inputsOf("--no-rope")).rope).toBe(false));
