import { describe, expect, test } from "vitest";
import { z } from "zod";
import { VERBS } from "../../src/verbs/registry.ts";
import { defaultOf, fieldMeta } from "../../src/verbs/schema/field-meta.ts";
import { text } from "../../src/verbs/schema/fields.ts";
import { GROUPS, groupedInputs, inGroup } from "../../src/verbs/schema/groups.ts";
import { kebabCase, variableOf } from "../../src/verbs/schema/resolve-inputs.ts";
import { helpGroups, helpText } from "../support/help.ts";

const NAMES = VERBS.map(({ name }) => name);

/** As help calls an input: an argument, an option or a variable, and where it is on by default how to turn it off. */
function namesOf([key, field]: [string, unknown], positional: string | undefined): string[] {
  const schema = field as z.ZodType;
  const { secret, flag = kebabCase(key), placeholder } = fieldMeta(schema);
  if (key === positional) return [key];
  if (secret) return [variableOf(key)];
  return placeholder === "" && defaultOf(schema) === true ? [`--${flag}`, `--no-${flag}`] : [`--${flag}`];
}

describe("the groups of help", () => {
  test.each(VERBS)("have each input of $name exactly once, and nothing else", ({ name, inputs, positional }) => {
    const groups = helpGroups(name);
    const expected = Object.entries(inputs.shape).flatMap((input) => namesOf(input, positional));
    const common = ["--config", "--json", "--quiet", "--debug", "--help"].filter((flag) => !expected.includes(flag));
    expect([...groups.values()].flat().toSorted()).toEqual([...expected, ...common].toSorted());
    expect(groups.get("Common")).toEqual(common);
  });

  test.each(NAMES)("come in one order for all verbs, %s too", (name) => {
    const groups = helpGroups(name);
    expect([...groups.keys()]).toEqual(GROUPS.filter((group) => groups.has(group)));
  });

  test("have first what one needs first", () => {
    const firstOf = (verb: string, group: string) => helpGroups(verb).get(group)!.slice(0, 2);
    expect(firstOf("run", "What to do")).toEqual(["--preset", "--benchmarks"]);
    expect(firstOf("run", "Engine")).toEqual(["--engine", "--model"]);
    expect(firstOf("run", "Client")[0]).toBe("--client");
    expect(firstOf("start-engine", "Engine")).toEqual(["--engine", "--model"]);
    expect(firstOf("serve-benchmark", "Load (serve-benchmark)")).toEqual(["--request-rate", "--concurrency"]);
    expect(firstOf("history", "History")[0]).toBe("--database");
  });

  test("take no input twice, and leave none out", () => {
    const fields = inGroup("Load (serve-benchmark)", { rate: text("How fast.") });
    expect(() => inGroup("Engine", fields)).toThrow("rate is in “Load (serve-benchmark)” already");
    expect(() => groupedInputs({ inputs: z.strictObject({ rate: text("How fast.") }) })).toThrow("rate needs a group");
  });
});

const squeezed = (text: string) => text.replaceAll(/\s+/g, "");

describe.each([60, 80, 120])("on a page of %i columns", (width) => {
  test.each([undefined, ...NAMES])("no line of the help of %s is longer, unless it is one word", (name) => {
    const long = helpText(name, width)
      .split("\n")
      .filter((line) => line.length > width);
    expect(long.filter((line) => line.trim().includes(" "))).toEqual([]);
  });

  test.each(VERBS)("help of $name loses no word", ({ name, description, inputs, positional }) => {
    const help = squeezed(helpText(name, width));
    expect(help).toContain(squeezed(description));
    for (const [key, field] of Object.entries(inputs.shape)) {
      const meta = fieldMeta(field as z.ZodType);
      expect(help, key).toContain(squeezed(meta.description));
      if (!meta.secret && key !== positional) expect(help, key).toContain(squeezed(meta.placeholder));
    }
  });

  test("descriptions stand in one column", () => {
    const lines = helpText("run", width).split("\n");
    const indents = lines.map((line) => /^ {7,}/.exec(line)?.[0].length).filter((indent) => indent !== undefined);
    expect(new Set(indents).size).toBe(1);
  });
});

test("help of a verb is wrapped for 80 columns where nobody knows the width", () => {
  expect(helpText("run", undefined)).toBe(helpText("run", 80));
  // Some pseudo terminals say so.
  expect(squeezed(helpText("run", 0))).toBe(squeezed(helpText("run", 80)));
});

test("choices that are wider than the page go on below, behind a bar", () =>
  expect(helpText("history", 60)).toContain(
    "  --statistic <headline|all|value|count|mean|std|p10|p25|\n      p50|p75|p90|p95|p99|p99.9>\n",
  ));
