import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { run } from "../../../src/verbs/run/run.ts";
import { loadConfig } from "../../../src/verbs/schema/config-file.ts";
import { choice, commonInputs, text } from "../../../src/verbs/schema/fields.ts";
import { integer, integerList } from "../../../src/verbs/schema/number-fields.ts";
import { parseConfig } from "../../../src/verbs/schema/parse-config.ts";
import { resolveInputs } from "../../../src/verbs/schema/resolve-inputs.ts";
import { defineVerb } from "../../../src/verbs/verb.ts";

const verb = defineVerb({
  name: "measure",
  description: "Measures.",
  inputs: z.strictObject({
    ...commonInputs,
    preset: choice(["short", "long"], "How long.").default("long"),
    batchSizes: integerList("Sizes.").default([1, 2]),
    iterations: integer("Iterations.").default(30),
    model: text("Model.").optional(),
  }),
  presets: { short: { iterations: 2 }, long: {} },
  outputs: {},
  run: async () => ({ ok: true, outputs: {} }),
});

describe("resolveInputs", () => {
  test("takes a flag before the environment, that before pitwall.yml, that before the preset, that before the default", () => {
    const env = { PITWALL_ITERATIONS: "5" };
    const config = { iterations: 4, preset: "short" };
    const iterations = (
      ...[given, environment, file]: Parameters<typeof resolveInputs> extends [unknown, ...infer R] ? R : never
    ) => resolveInputs(verb, given, environment, file).iterations;
    expect(iterations({ iterations: "6" }, env, config)).toBe(6);
    expect(iterations({}, env, config)).toBe(5);
    expect(iterations({}, {}, config)).toBe(4);
    expect(iterations({ preset: "short" }, {}, {})).toBe(2);
    expect(iterations({}, {}, {})).toBe(30);
  });

  test("an empty environment variable counts as not set", () => {
    expect(resolveInputs(verb, {}, { PITWALL_ITERATIONS: "" }, {}).iterations).toBe(30);
  });

  test.each([
    [{ batchSizes: "8-1" }, {}, {}, '--batch-sizes: the range 8-1 ends before it starts; write 1-8 (got "8-1")'],
    [{}, { PITWALL_ITERATIONS: "0" }, {}, 'PITWALL_ITERATIONS: must be 1 or more (got "0")'],
    [{}, {}, { iterations: "many" }, 'iterations in pitwall.yml: must be a number (got "many")'],
  ])("says which value is wrong and where it came from: %j %j %j", (given, env, config, message) => {
    expect(() => resolveInputs(verb, given, env, config)).toThrow(message);
  });

  test.each([
    [{ minutes: "1", concurrency: "4" }, {}, "--minutes goes with a request rate; how long a --concurrency lasts is"],
    [{ minutes: "1" }, { concurrency: [4] }, "--minutes goes with a request rate"],
    [{ minutes: "1", find: "max-concurrency" }, {}, "--minutes goes with a request rate"],
    [{ minutes: "1", preset: "sanity" }, {}, "--minutes goes with a request rate"],
    [{ minutes: "1", requestRate: "2", numPrompts: "9" }, {}, "give --minutes or --num-prompts, not both"],
  ])("refuses minutes that were asked for and would mean nothing: %j %j", (given, config, message) => {
    expect(() => resolveInputs(run, given, {}, config)).toThrow(message);
  });

  test.each([
    [{ concurrency: "4" }, {}],
    [{ concurrency: "4", preset: "quick" }, {}],
    [{ concurrency: "4" }, { minutes: 2 }],
    [{ minutes: "1", requestRate: "2" }, {}],
    [{ minutes: "1", ramp: "1:2", numPrompts: "9" }, {}],
    [{ minutes: "1", find: "max-rate" }, {}],
  ])("takes minutes that mean something, or that nobody typed: %j %j", (given, config) => {
    expect(() => resolveInputs(run, given, {}, config)).not.toThrow();
  });

  test("names every bad value at once", () => {
    expect(() => resolveInputs(verb, { iterations: "0", batchSizes: "x" }, {}, {})).toThrow(
      /batch-sizes.*\n.*iterations|iterations.*\n.*batch-sizes/s,
    );
  });

  test("names the choices of a choice", () => {
    expect(() => resolveInputs(verb, { preset: "huge" }, {}, {})).toThrow(
      "--preset: must be one of short, long; did you mean",
    );
  });
});

describe("pitwall.yml", () => {
  test("may be absent", () => expect(loadConfig(undefined, async () => ["model"])).resolves.toEqual({}));

  test("must exist when it is named", async () => {
    await expect(loadConfig("nowhere.yml", async () => ["model"])).rejects.toThrow("nowhere.yml does not exist");
  });

  test("is read as a map of inputs", async () => {
    await using folder = await createFixture({ "p.yml": "model: llama\nbatch-sizes: [1, 2]\n" });
    expect(await loadConfig(folder.getPath("p.yml"), async () => ["model", "batch-sizes"])).toEqual({
      model: "llama",
      "batch-sizes": [1, 2],
    });
  });

  test.each([
    ["batch-size: 3", "unknown key “batch-size”; did you mean “batch-sizes”?"],
    ["- a", "must be a map of inputs"],
    ["a: [1", "is not valid YAML"],
  ])("refuses %j", (content, message) => {
    expect(() => parseConfig(content, "pitwall.yml", ["model", "batch-sizes"])).toThrow(message);
  });
});
