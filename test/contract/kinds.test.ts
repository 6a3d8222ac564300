import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { kindOfPath } from "../../src/database/document/layout.ts";
import { README } from "../../src/database/document/readme.ts";
import { KIND_NAMES, KINDS, type KindName, type KindValues, kindAt } from "../../src/database/records/kinds.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { sampleRun } from "../support/run-document.ts";
import { sampleBisect } from "../support/sample-bisect.ts";
import { sourceFiles } from "../support/source-files.ts";

const at = "2026-11-24T10:00:00Z";
const why = "the rack was numbered";
const by = "octocat";
const other = { at: "2026-11-25T10:00:00Z", why: "another reason" };

/** Two documents of each kind; of a new kind two are needed. */
const samples: { [K in KindName]: [KindValues[K], KindValues[K]] } = {
  run: [sampleRun, { ...sampleRun, outcome: "cancelled" }],
  retraction: both({ schema: "pitwall.retraction/1", run: sampleRun.id, why, at }),
  renaming: both({ schema: "pitwall.renaming/1", what: "host", from: "a", to: "b", why, by, at }),
  accepted: both({ schema: "pitwall.accepted/1", series: "* latency_s", from: sampleRun.id, why, by, at }),
  bisect: [sampleBisect, { ...sampleBisect, maxBlocks: 40 }],
};

function both<T extends object>(value: T): [T, T] {
  return [value, { ...value, ...other }];
}

describe.each(KIND_NAMES)("a document of the kind %s", (name) => answersEverything(name));

function answersEverything<K extends KindName>(name: K): void {
  const kind = KINDS[name];
  const [value, another] = samples[name];
  const path = kind.pathOf(value);

  test("lies at a path that is of its kind alone, in its folder", () => {
    expect(KIND_NAMES.filter((one) => KINDS[one].isPath(path))).toEqual([name]);
    expect([kindAt(path), kindOfPath(path)]).toEqual([name, name]);
    expect(path.startsWith(`${kind.folder}/`) && kind.isFolder(kind.folder)).toBe(true);
    expect(kind.misplaced(value, path)).toBe(null);
    expect(path).toContain(kind.idOf(value));
  });

  test("is read as it was written, and bears the name of its format", () => {
    expect(kind.parse(kind.serialize(value), path)).toEqual(value);
    expect(JSON.parse(kind.serialize(value)).schema).toBe(`${kind.format.family}/${kind.format.version}`);
    expect(kind.unsound(value, kind.serialize(value))).toBe(null);
  });

  test("keeps its place from another one, and a commit says what it is", () => {
    expect(kind.taken(value, another, path)).not.toBe(null);
    expect(kind.message([value]).source.split("\n")[0]).toMatch(/^[A-Z][a-z]+ .+/);
  });

  test("is in the README of a branch and has a JSON Schema of its own", () => {
    expect(README).toContain(`| \`${kind.readme.path}\` | ${kind.readme.holds} |\n`);
    const schema = join(PACKAGE_ROOT, "docs", `${name}.schema.json`);
    expect(existsSync(schema) && JSON.parse(readFileSync(schema, "utf8")).title).toBe(`pitwall ${kind.title}`);
  });
}

test("only its descriptor names a kind of record, or its folder", () => {
  const records = KIND_NAMES.filter((name) => name !== "run");
  const words = [...records, ...KIND_NAMES.map((name) => KINDS[name].folder)].join("|");
  // Not the field of a type, as in `State["runs"]`.
  const named = new RegExp(`(?<!\\w\\[)["'\`](${words})["'\`/]`);
  const inPath = new RegExp(`["'\`](${records.map((name) => KINDS[name].folder).join("|")})/`);
  const isDescriptor = (file: string) => KIND_NAMES.some((name) => file === `src/database/records/${name}.ts`);
  const found = [...sourceFiles("src"), ...sourceFiles("site"), ...sourceFiles("scripts")]
    .filter((file) => !isDescriptor(file))
    .flatMap((file) => {
      const pattern = file.startsWith("src/database/") ? named : inPath;
      const code = readFileSync(join(PACKAGE_ROOT, file), "utf8").replaceAll(/^\s*(\/?\*|\/\/).*$/gm, "");
      return pattern.test(code) ? [`${file}: ${pattern.exec(code)![0]}`] : [];
    });
  expect(found).toEqual([]);
});
