import { expect, test } from "vitest";
import { type Migration, migrated } from "../../../src/database/document/migrate.ts";

const migrations: Migration[] = [
  { from: 1, migrate: ({ seconds, ...rest }) => ({ ...rest, ms: Number(seconds) * 1000 }) },
  { from: 2, migrate: (document) => ({ ...document, unit: "ms" }) },
];
const schema = { family: "pitwall.time", version: 3, migrations };

test("a document of an older version takes every step from there to the present one", () => {
  const now = { schema: "pitwall.time/3", ms: 1500, unit: "ms" };
  expect(migrated({ schema: "pitwall.time/1", seconds: 1.5 }, schema)).toEqual(now);
  expect(migrated({ schema: "pitwall.time/2", ms: 1500 }, schema)).toEqual(now);
});

test.each([
  ["of this version", { schema: "pitwall.time/3" }],
  ["of a newer one", { schema: "pitwall.time/4" }],
  ["from which no step leads on", { schema: "pitwall.time/0" }],
  ["of another family", { schema: "pitwall.run/1" }],
  ["without a schema", {}],
  ["that is none", null],
])("a document %s is left as it is, for the reader to judge", (_, document) => {
  expect(migrated(document, schema)).toBe(document);
});
