import fc from "fast-check";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { openAppender } from "../../src/database/append.ts";
import { serializeRun } from "../../src/database/document/document.ts";
import { readContent } from "../../src/database/read/read.ts";
import type { Run } from "../../src/result/document/run.ts";
import { isolated } from "../support/git-repository.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { runNumber } from "./runs.ts";

const env = { ...process.env, ...isolated };

/** Groups of numbers, a group an append; a number may be in several. */
const groups = fc
  .uniqueArray(fc.nat(5000), { minLength: 1, maxLength: 12 })
  .chain((numbers) => fc.array(fc.subarray(numbers, { minLength: 1 }), { minLength: 1, maxLength: 4 }))
  .chain((all) => fc.tuple(...all.map((group) => fc.shuffledSubarray(group, { minLength: group.length }))));

const byId = (a: Run, b: Run) => (a.id < b.id ? -1 : 1);

test.each([
  { home: "a folder", numRuns: 25, place: (path: string) => `folder:${path}` },
  { home: "a branch", numRuns: 3, place: (path: string) => `${path}.git` },
])("any documents in any order and grouping, some of them again, read back equal from $home", async (given) => {
  await using fixture = await createFixture();
  let count = 0;
  const readsBack = async (appends: readonly number[][]) => {
    const name = `home-${++count}`;
    await fixture.mkdir(name);
    const repository = given.place(fixture.getPath(name));
    const added: string[] = [];
    {
      await using appender = await openAppender({ repository, branch: "pitwall-data" }, recordingTools({ env }));
      for (const group of appends) {
        added.push(...(await appender.append(group.map((number) => runNumber(number)))).added);
      }
    }
    const expected = [...new Set(appends.flat())].map((number) => runNumber(number)).toSorted(byId);
    expect(added.toSorted()).toEqual(expected.map(({ id }) => id));
    const texts = new Map<string, string>();
    const { runs, problems } = await readContent(repository, { env }, ({ id }, text) => {
      texts.set(id, text);
      return [];
    });
    expect(problems).toEqual([]);
    expect(runs.toSorted(byId)).toEqual(expected);
    const times = runs.map(({ startedAt }) => startedAt);
    expect(times).toEqual(times.toSorted());
    expect(texts).toEqual(new Map(expected.map((run) => [run.id, serializeRun(run)])));
  };
  await fc.assert(fc.asyncProperty(groups, readsBack), { numRuns: given.numRuns });
});
