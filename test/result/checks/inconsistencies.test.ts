import { expect, test } from "vitest";
import { documentsOf } from "../../../src/database/document/documents.ts";
import { inconsistencies } from "../../../src/result/checks/inconsistencies.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { sampleRun } from "../../support/run-document.ts";

test("a good document contradicts nothing", () => {
  expect(inconsistencies(sampleRun)).toEqual([]);
  expect(inconsistencies({ ...sampleRun, finishedAt: sampleRun.startedAt })).toEqual([]);
});

test.each<[Partial<Run>, string]>([
  [{ id: "20261301T064501Z-7f3a9c2e" }, "breaks the order: its id says another time than startedAt"],
  [{ finishedAt: "2020-01-01T00:00:00Z" }, "before it began"],
  [{ cells: [...sampleRun.cells, ...sampleRun.cells] }, `has the cell ${sampleRun.cells[0]!.id} more than once`],
  [{ trigger: { ...sampleRun.trigger, runUrl: "javascript:void(0)" } }, "trigger.runUrl: it must begin with https://"],
  [
    { trigger: { ...sampleRun.trigger, sourceRepository: "data:text/html,x" } },
    "trigger.sourceRepository: it must begin with https://",
  ],
])("one that does is named, and never published", (change, problem) => {
  const run = { ...sampleRun, ...change };
  expect(inconsistencies(run)).toMatchObject([{ text: expect.stringContaining(problem) }]);
  expect(() => documentsOf("run", [run])).toThrow(problem);
});
