import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRun, serializeRun } from "../../../src/database/document/document.ts";
import { kindOfPath } from "../../../src/database/document/layout.ts";
import { isRunPath, runPath } from "../../../src/database/records/run.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { failedRun, okLatencyCell, sampleRun } from "../../support/run-document.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const anyRun: fc.Arbitrary<Run> = fc
  .record({
    subject: fc.option(fc.string({ unit: "binary" })),
    args: fc.array(fc.string()),
    note: fc.option(fc.string(), { nil: undefined }),
    params: fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
      fc.oneof(fc.string(), finite),
    ),
    values: fc.array(finite, { minLength: 3, maxLength: 3 }),
    detail: fc.string(),
  })
  .map(({ subject, args, note, params, values: [mean, p50, p99], detail }) => ({
    ...sampleRun,
    trigger: { ...sampleRun.trigger, subject },
    engine: { ...sampleRun.engine, args },
    source: { format: "test", file: "f", ...(note === undefined ? {} : { note }) },
    cells: [
      { ...okLatencyCell, status: "ok", params, metrics: { latency_s: { mean: mean!, p50: p50!, "p99.9": p99! } } },
      {
        id: "serve-benchmark/x",
        benchmark: "serve-benchmark",
        params: {},
        status: "skipped",
        reason: "cancelled",
        detail,
      },
    ],
  }));

function shuffled<T>(value: T): T {
  if (Array.isArray(value)) return value.map(shuffled) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  ) as T;
}

describe("a serialised run", () => {
  test("reads back as the same run, whatever it holds", () => {
    fc.assert(fc.property(anyRun, (run) => void expect(parseRun(serializeRun(run), "run")).toEqual(run)));
  });

  test("is the same text whatever the order of the keys was", () => {
    fc.assert(fc.property(anyRun, (run) => void expect(serializeRun(shuffled(run))).toBe(serializeRun(run))));
  });

  test("has a line for each top-level key and each cell", () => {
    const lines = serializeRun(failedRun).split("\n");
    expect(lines[1]).toBe('"schema":"pitwall.run/1",');
    expect(lines.filter((line) => line.startsWith('{"id":'))).toHaveLength(2);
    expect(lines.at(-1)).toBe("");
  });

  test("is never made of something that is no run document", () => {
    expect(() => serializeRun({ ...sampleRun, id: "yesterday" })).toThrow("id");
  });
});

describe("a text that is no run document is refused, with the file's name and what is wrong", () => {
  const good = serializeRun(sampleRun);
  test.each([
    ["cut off", good.slice(0, 100), /^runs\/x\.json is not valid JSON: /],
    ["empty", "\n", /^runs\/x\.json is empty$/],
    [
      "conflict markers",
      `<<<<<<< ours\n${good}=======\n${good}>>>>>>> theirs\n`,
      /^runs\/x\.json holds the conflict markers/,
    ],
    ["an array", "[]", /should have the schema “pitwall\.run\/1”, but has none/],
    ["null", "null", /should have the schema/],
    ["another schema", good.replace("pitwall.run/1", "other.run/1"), /but has "other\.run\/1"/],
    [
      "a newer schema",
      good.replace("run/1", "run/12"),
      /needs a version that reads pitwall\.run\/12, this one reads up to pitwall\.run\/1\. Update/,
    ],
    [
      "a wrong type",
      good.replace('"simulated":false', '"simulated":"no"'),
      /does not have the form of pitwall\.run\/1:\nsimulated: must be true or false/,
    ],
    ["an unknown key", good.replace('"simulated":false', '"simulated":false,"extra":1'), /extra: is no known name/],
  ])("%s", (_, text, message) => expect(() => parseRun(text, "runs/x.json")).toThrow(message));
});

test("a run lies in the folder of its month", () => {
  expect(runPath(sampleRun)).toBe("runs/2026/11/20261122T064501Z-7f3a9c2e.json");
});

test.each([
  ["runs/2026/11/20261122T064501Z-7f3a9c2e.json", true],
  ["runs/2026/12/20261122T064501Z-7f3a9c2e.json", false],
  ["20261122T064501Z-7f3a9c2e.json", false],
  ["runs/2026/11/20261122T064501Z-7f3a9c2e.json.bak", false],
  ["old/runs/2026/11/20261122T064501Z-7f3a9c2e.json", false],
  ["runs/2026/11/../11/20261122T064501Z-7f3a9c2e.json", false],
])("%s is a run's path: %s", (path, expected) => expect(isRunPath(path)).toBe(expected));

test.each([
  ["pitwall.json", "marker"],
  ["README.md", "readme"],
  ["accepted/faster-kernel.json", "accepted"],
  [".gitattributes", "hidden"],
  [".github/workflows/verify.yml", "hidden"],
  ["data.json", "legacy"],
  ["fake_db/data.json", "unknown"],
  ["accepted/deep/er.json", "unknown"],
])("%s is of the kind %s", (path, kind) => expect(kindOfPath(path)).toBe(kind));
