import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { VERBS } from "../../src/verbs/registry.ts";
import { fieldMeta } from "../../src/verbs/schema/field-meta.ts";
import { kebabCase } from "../../src/verbs/schema/resolve-inputs.ts";
import { actionFiles, readActionFile } from "../support/action-files.ts";
import { helpGroups } from "../support/help.ts";

const page = readFileSync(join(PACKAGE_ROOT, "docs/verbs.md"), "utf8");

/** Former names of a verb's inputs, which help is silent about. */
const formerOf = (verb: string) =>
  Object.values(VERBS.find(({ name }) => name === verb)?.inputs.shape ?? {}).flatMap((field) => {
    const { alias } = fieldMeta(field as Parameters<typeof fieldMeta>[0]);
    return alias === undefined ? [] : [kebabCase(alias)];
  });

/** The groups of a table of inputs, with the names in each. */
function tableGroups(text: string, verb: string): [string, string[]][] {
  const [, table = ""] = /^\| Input \|.*\n.*\n((?:\|.*\n)*)/m.exec(text) ?? [];
  const groups: [string, string[]][] = [];
  const former = formerOf(verb);
  for (const row of table.trimEnd().split("\n")) {
    const [, group, name] = /^\| (?:\*\*(.+)\*\*|`(.+?)`) \|/.exec(row)!;
    if (group !== undefined) groups.push([group, []]);
    else if (!former.includes(name!.replace("--", ""))) groups.at(-1)![1].push(name!);
  }
  return groups;
}

/** What help lists of a verb's own inputs; how to turn a switch off goes without saying in a table. */
const ofHelp = (verb: string) =>
  [...helpGroups(verb)]
    .filter(([group]) => group !== "Common")
    .map(([group, names]): [string, string[]] => [group, names.filter((name) => !name.startsWith("--no-"))]);

test.each(VERBS)("the table of $name has the groups of its help, in that order", ({ name }) => {
  const [section = ""] = page.split(/^## /m).filter((text) => text.startsWith(`${name}\n`));
  expect(tableGroups(section, name)).toEqual(ofHelp(name));
});

describe("every action", () => {
  const verbOf = (path: string) => readActionFile(path).name.split(" ")[1] ?? "run";

  test.each(actionFiles())("%s has its inputs in the order of the verb's help", (path) => {
    const inputs = Object.keys(readActionFile(path).inputs);
    const names = ofHelp(verbOf(path)).flatMap(([, all]) => all.map(inputName));
    expect(inputs.filter((name) => names.includes(name))).toEqual(names.filter((name) => inputs.includes(name)));
    expect(names.filter((name) => !inputs.includes(name))).toEqual(
      verbOf(path) === "start-engine" ? ["stop", "foreground"] : [],
    );
  });

  test.each(actionFiles().filter((path) => path !== "action.yml"))("%s has a page with the same groups", (path) => {
    const readme = readFileSync(join(PACKAGE_ROOT, path.replace("action.yml", "README.md")), "utf8");
    const inputs = Object.keys(readActionFile(path).inputs).filter((name) => !formerOf(verbOf(path)).includes(name));
    expect(tableGroups(readme, verbOf(path)).flatMap(([, names]) => names)).toEqual(inputs);
    expect(tableGroups(readme, verbOf(path)).map(([group]) => group)).toEqual(
      [...helpGroups(verbOf(path)).keys()].filter((group) => verbOf(path) !== "start-engine" || group !== "What to do"),
    );
  });
});

const inputName = (term: string) => term.replace("--", "").replace("PITWALL_", "").replaceAll("_", "-").toLowerCase();
