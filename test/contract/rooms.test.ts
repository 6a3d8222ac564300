import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOMS } from "../../scripts/generate/rooms.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { importsOf, sourceFiles } from "../support/source-files.ts";

interface Edge {
  from: string;
  to: string;
}

const files = [...sourceFiles("src"), ...sourceFiles("site")];
const edges: Edge[] = files.flatMap((from) => importsOf(from, { types: true }).map((to) => ({ from, to })));
const own = edges.filter(({ to }) => /^(src|site)\//.test(to));
const GROUND = "the ground";
/** What files of the ground import, beside each other. */
const BENEATH = "src/foreign-text";

function roomOf(path: string): string {
  if (path.startsWith("site/")) return "site";
  const [, room, file] = path.split("/");
  return file === undefined ? GROUND : `src/${room}`;
}

/** Nodes that can be reached from themselves. */
function circles(arrows: readonly Edge[]): string[] {
  const next = Map.groupBy(arrows, ({ from }) => from);
  const reaches = (start: string) => {
    const seen = new Set(next.get(start)?.map(({ to }) => to));
    for (const node of seen) for (const { to } of next.get(node) ?? []) seen.add(to);
    return seen.has(start);
  };
  return [...next.keys()].filter(reaches);
}

test("the walk sees types and values", () => {
  expect(edges).toContainEqual({ from: "src/verdict/level.ts", to: "src/result/metrics/metric.ts" });
  expect(edges).toContainEqual({ from: "src/load/measure-cells.ts", to: "src/tools.ts" });
});

test("every folder of src is in the table, and every room of the table is there", () => {
  const folders = readdirSync(join(PACKAGE_ROOT, "src"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(Object.keys(ROOMS).toSorted()).toEqual(["site", ...folders.map(({ name }) => `src/${name}`)].toSorted());
  const parts = Object.entries(ROOMS).flatMap(([room, { parts = {} }]) =>
    Object.keys(parts).map((part) => join(room, part)),
  );
  for (const part of parts) expect(readdirSync(join(PACKAGE_ROOT, part))).not.toEqual([]);
});

test("a room imports what the table allows, the ground and itself", () => {
  const offenders = own.filter(({ from, to }) => {
    const [room, target] = [roomOf(from), roomOf(to)];
    if (room === target) return false;
    return room === GROUND ? target !== BENEATH : target !== GROUND && !ROOMS[room]?.imports.includes(target);
  });
  expect(offenders).toEqual([]);
});

test("the table allows nothing that no file needs", () => {
  const used = new Set(own.map(({ from, to }) => `${roomOf(from)} ${roomOf(to)}`));
  const allowed = Object.entries(ROOMS).flatMap(([room, { imports }]) => imports.map((target) => `${room} ${target}`));
  expect(allowed.filter((pair) => !used.has(pair))).toEqual([]);
});

test("pure rooms know no module of Node's and no package that does", () => {
  const impure = edges.filter(({ from, to }) => ROOMS[roomOf(from)]?.isPure && /^(node:|@actions\/|undici)/.test(to));
  expect(impure).toEqual([]);
});

test("no rooms import each other in a circle, and no files", () => {
  const rooms = own
    .map(({ from, to }) => ({ from: roomOf(from), to: roomOf(to) }))
    .filter(({ from, to }) => from !== to);
  expect(circles(rooms)).toEqual([]);
  expect(circles(own)).toEqual([]);
});

test("no folder of src holds more than 14 files, and no file more than 200 lines", () => {
  const folders = Map.groupBy(sourceFiles("src"), (path) => path.slice(0, path.lastIndexOf("/")));
  expect([...folders].filter(([, { length }]) => length > 14).map(([folder]) => folder)).toEqual([]);
  const lines = (path: string) => readFileSync(join(PACKAGE_ROOT, path), "utf8").split("\n").length - 1;
  expect(files.filter((path) => lines(path) > 200)).toEqual([]);
});
