import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { importsOf, sourceFiles } from "../support/source-files.ts";

interface Edge {
  from: string;
  to: string;
}

const edges: Edge[] = [...sourceFiles("src"), ...sourceFiles("site")].flatMap((from) =>
  importsOf(from).map((to) => ({ from, to })),
);
const entries = sourceFiles("src/actions");

const within =
  (...places: string[]) =>
  (path: string) =>
    places.some((place) => path.startsWith(place));
const isOwn = within("src/", "site/", "docs/");

/** Imports that break a rule, as sentences. */
function offenders(from: (path: string) => boolean, forbidden: (path: string) => boolean): string[] {
  return edges.filter((edge) => from(edge.from) && forbidden(edge.to)).map((edge) => `${edge.from} imports ${edge.to}`);
}

/** Every file that an entry pulls in. */
function reachable(entry: string): Set<string> {
  const seen = new Set([entry]);
  for (const file of seen) for (const { from, to } of edges) if (from === file && isOwn(to)) seen.add(to);
  return seen;
}

const readTsconfig = (): { extends: string } => JSON.parse(readFileSync(join(PACKAGE_ROOT, "tsconfig.json"), "utf8"));

test("the walk sees the rooms and what they import", () => {
  expect(edges).toContainEqual({ from: "src/result/document/run.ts", to: "src/result/document/cell.ts" });
  expect(edges).toContainEqual({ from: "src/machine/process.ts", to: "node:child_process" });
  expect(edges.some(({ from }) => from.startsWith("site/"))).toBe(true);
});

test("what src and site import is there without the development dependencies, as build-site installs it", () => {
  const { dependencies } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8"));
  const outside = edges.map(({ to }) => to).filter((to) => !isOwn(to) && !/^(node|astro):/.test(to));
  const packages = [...outside, readTsconfig().extends].map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]);
  expect([...new Set(packages)].filter((name) => dependencies[name] === undefined)).toEqual([]);
});

describe("rooms", () => {
  const pure = within("src/foreign-text/", "src/statistics/", "src/result/", "src/verdict/", "src/report/");
  const edge = within("src/actions/", "src/cli/", "src/github/", "site/");

  test("foreign-text, result, verdict and report are pure, so that the site can use them", () => {
    expect(offenders(pure, within("node:", "@actions/", "undici"))).toEqual([]);
    expect(
      offenders(
        pure,
        (to) => isOwn(to) && !pure(to) && !["src/checked.ts", "src/errors.ts", "src/mistakes.ts"].includes(to),
      ),
    ).toEqual([]);
  });

  test("what makes foreign text inert leans on nothing", () => {
    expect(offenders(within("src/foreign-text/"), (to) => !within("src/foreign-text/")(to))).toEqual([]);
  });

  test("what experiments run is planned without touching anything", () => {
    const room = within("src/experiment/");
    expect(offenders(room, within("node:", "@actions/", "undici"))).toEqual([]);
    const known = within("src/mistakes.ts", "src/result/", "src/working-folder/names.ts");
    expect(offenders(room, (to) => isOwn(to) && !room(to) && !known(to))).toEqual([]);
  });

  test("only actions and github know GitHub's packages", () => {
    const github = within("@actions/core", "@actions/github", "@actions/artifact");
    expect(offenders((from) => !within("src/actions/", "src/github/")(from), github)).toEqual([]);
  });

  test("the root action alone carries @actions/artifact, which is larger than all the rest; publish has it aside", () => {
    expect(edges.filter(({ to }) => to === "@actions/artifact").map(({ from }) => from)).toEqual([
      "src/github/artifact.ts",
    ]);
    expect(entries.filter((entry) => reachable(entry).has("src/github/artifact.ts"))).toEqual([
      "src/actions/publish.ts",
      "src/actions/run.ts",
    ]);
  });

  test("child processes go through two modules, one that asks and one that starts; doctor asks by GitHub's", () => {
    const starts = within("node:child_process", "@actions/exec");
    expect(
      offenders(
        (from) => !within("src/machine/process.ts", "src/machine/command.ts", "src/verbs/doctor/check.ts")(from),
        starts,
      ),
    ).toEqual([]);
  });

  test("the site imports foreign-text, result, verdict, report and the reader of a data folder, and nothing else of ours", () => {
    const allowed = (to: string) =>
      pure(to) || within("src/database/read/folder.ts", "src/database/read/shown.ts", "site/")(to);
    expect(offenders(within("site/"), (to) => isOwn(to) && !allowed(to))).toEqual([]);
  });

  test("whoever reads documents for people shows them bounded; the others are known, and take them whole", () => {
    const readers = within(
      "src/database/read/folder.ts",
      "src/database/read/read.ts",
      "src/database/query/read-numbers.ts",
    );
    const reading = edges
      .filter(({ from, to }) => !within("src/database/")(from) && readers(to))
      .map(({ from }) => from);
    const bounding = edges.filter(({ to }) =>
      within("src/database/read/shown.ts", "src/result/checks/shown-run.ts")(to),
    );
    const shown = new Set(bounding.map(({ from }) => from));
    expect([...new Set(reading)].filter((from) => !shown.has(from)).toSorted()).toEqual([
      "src/verbs/build-site/build-site.ts",
      "src/verbs/history/accept.ts",
      "src/verbs/history/home.ts",
      "src/verbs/history/record.ts",
      "src/verbs/history/rename.ts",
      "src/verbs/validate/validate.ts",
    ]);
  });

  test("formats of other tools are known to verbs only", () => {
    expect(offenders((from) => !within("src/formats/", "src/verbs/")(from), within("src/formats/"))).toEqual([]);
  });

  test("nothing inside knows the edges: workflow steps, command line, site", () => {
    expect(offenders((from) => !edge(from), edge)).toEqual([]);
  });

  test("entries of actions stay a table of contents: 40 lines at most", () => {
    const lines = (path: string) => readFileSync(join(PACKAGE_ROOT, path), "utf8").split("\n").length;
    expect(entries.length).toBeGreaterThan(7);
    expect(entries.filter((entry) => lines(entry) > 40)).toEqual([]);
  });
});
