import { describe, expect, test } from "vitest";
import { documentsOf } from "../../../src/database/document/documents.ts";
import { parseAt } from "../../../src/database/document/parse-at.ts";
import { runPath } from "../../../src/database/records/run.ts";
import { boundedRun } from "../../../src/result/checks/bounded-run.ts";
import { inconsistencies } from "../../../src/result/checks/inconsistencies.ts";
import type { Run, RunCell } from "../../../src/result/document/run.ts";
import { okLatencyCell, sampleRun } from "../../support/run-document.ts";

const { id } = okLatencyCell;
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const record = <T>(count: number, value: T) => Object.fromEntries(times(count, (index) => [`p${index}`, value]));
const withCell = (part: Partial<RunCell>): Run => ({ ...sampleRun, cells: [{ ...okLatencyCell, ...part } as RunCell] });
const withArgs = (args: string[]): Run => ({ ...sampleRun, engine: { ...sampleRun.engine, args } });
const search = (probes: number) => ({
  ...{ find: "max-rate" as const, objectives: [], tolerance: 0.1 },
  probes: times(probes, () => ({ level: 1, meets: true, values: {} })),
});

/** Each makes a document with so many entries. */
const cases: [most: number, what: string, make: (count: number) => Run][] = [
  [2_000, "cells", (n) => ({ ...sampleRun, cells: times(n, (i) => ({ ...okLatencyCell, id: `${id}_${i}` })) })],
  [100, `params in the cell ${id}`, (n) => withCell({ params: record(n, 1) })],
  [1_000, "arguments of the engine", (n) => withArgs(times(n, () => "-a"))],
  [
    100_000,
    "characters in the arguments of the engine",
    (n) => withArgs([...times(n / 1_000 - 1, () => "x".repeat(1_000)), "x".repeat(1_000 + (n % 1_000))]),
  ],
  [100, `warnings in the cell ${id}`, (n) => withCell({ telemetry: { warnings: times(n, String) } })],
  [100, `probes in the cell ${id}`, (n) => withCell({ search: search(n) })],
  [
    10_000,
    `repeats of a metric in the cell ${id}`,
    (n) => withCell({ repeats: { count: n, metrics: { latency_s: times(n, () => 1) } } }),
  ],
];

describe.each(cases)("of at most %i %s", (most, what, make) => {
  test("so many are good, to whoever writes and reads", () => {
    const run = make(most);
    expect(inconsistencies(run)).toEqual([]);
    const [document] = documentsOf("run", [run]);
    expect(parseAt(runPath(run), document!.text)).toMatchObject({ kind: "run" });
    expect(boundedRun(run)).toEqual(run);
  });

  test("one more is refused with the limit", () => {
    const run = make(most + 1);
    const number = (value: number) => value.toLocaleString("en");
    const problem = `has ${number(most + 1)} ${what}, more than the ${number(most)} that a document may have`;
    expect(inconsistencies(run)).toMatchObject([{ text: problem }]);
    expect(() => documentsOf("run", [run])).toThrow(problem);
    expect(() => parseAt(runPath(run), JSON.stringify(run))).toThrow(`${runPath(run)} ${problem}`);
    expect(() => boundedRun(run)).toThrow(`the run ${problem}: measure or import it in parts`);
  });
});

test("long params of many cells count together", () => {
  const cells = times(6, (index) => ({ ...okLatencyCell, id: `${id}_${index}`, params: record(100, "x".repeat(990)) }));
  expect(inconsistencies({ ...sampleRun, cells: cells.slice(1) })).toEqual([]);
  expect(inconsistencies({ ...sampleRun, cells })).toMatchObject([
    { text: expect.stringContaining("characters in the ids and params of its cells, more than the 500,000") },
  ]);
});
