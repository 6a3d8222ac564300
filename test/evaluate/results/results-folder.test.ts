import { readFile, writeFile } from "node:fs/promises";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { writeAsked } from "../../../src/evaluate/results/asked.ts";
import { gradeFolder, writeResults } from "../../../src/evaluate/results/results-folder.ts";
import { saveEvidence } from "../../../src/evaluate/work/saved-evidence.ts";
import { phases, ran } from "../../support/phase-runs.ts";
import { askedFor, savedEvidence } from "../../support/saved-evidence.ts";

const X = "tests/test_a.py::test_x";
const mended = phases(ran({ [X]: "failed" }), ran({ [X]: "passed" }));

test("a folder is graded again from what was saved, and only what differs from the stored grade is told", async () => {
  await using folder = await createFixture({});
  await writeAsked(folder.path, askedFor({ entries: { a: {}, b: {} } }));
  await saveEvidence(folder.path, savedEvidence("gold", "a", mended), []);
  const first = await gradeFolder(folder.path);
  expect(first.changes).toEqual([
    { candidate: "gold", instance: "a", from: undefined, to: "resolved" },
    { candidate: "gold", instance: "b", from: undefined, to: "error" },
  ]);
  await writeResults(folder.path, first);
  expect((await gradeFolder(folder.path)).changes).toEqual([]);

  const path = folder.getPath("gold/a/grade.json");
  await writeFile(path, (await readFile(path, "utf8")).replace('"resolved"', '"unresolved"'));
  expect((await gradeFolder(folder.path)).changes).toEqual([
    { candidate: "gold", instance: "a", from: "unresolved", to: "resolved" },
  ]);
});

test("what was saved of another patch or of other tests is no result, should an evaluation end before its own", async () => {
  await using folder = await createFixture({});
  const asked = askedFor({ entries: { a: {} } });
  await writeAsked(folder.path, asked);
  await saveEvidence(folder.path, { ...savedEvidence("gold", "a", mended), task: "yesterday's" }, []);
  const { results } = await gradeFolder(folder.path);
  expect(results[0]?.grade).toMatchObject({
    status: "error",
    detail: "the result is of another patch, or other tests",
  });
});

test("a folder has files for each instance, sums and two reports", async () => {
  await using folder = await createFixture({});
  await writeAsked(folder.path, askedFor({ entries: { a: {} } }));
  await saveEvidence(folder.path, savedEvidence("gold", "a", mended), []);
  await writeResults(folder.path, await gradeFolder(folder.path));
  const read = async (name: string) => JSON.parse(await folder.readFile(name, "utf8"));
  expect(await read("gold/a/result.json")).toMatchObject({ status: "success", FAIL_TO_PASS: [X] });
  expect(await read("benchmark_results.json")).toEqual(await read("gold/benchmark_results.json"));
  expect(await folder.readFile("report.md", "utf8")).toContain("Total instances evaluated: 1");
  expect(await folder.readFile("report.html", "utf8")).toContain("1 of 1 resolved");
});

test("a folder that no evaluation wrote is an error", async () => {
  await using folder = await createFixture({});
  await expect(gradeFolder(folder.path)).rejects.toThrow(/asked\.json could not be read/);
});
