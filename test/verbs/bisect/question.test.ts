import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { BisectInputs } from "../../../src/verbs/bisect/inputs.ts";
import { questionOf } from "../../../src/verbs/bisect/question.ts";
import { RunInputs } from "../../../src/verbs/run/inputs.ts";
import { planRun } from "../../../src/verbs/run/measure.ts";
import { runOn } from "../../report/histories.ts";
import { git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { sampleRun } from "../../support/run-document.ts";

const env = { ...process.env, ...isolated };
const CELL = "latency-sweep/in_8_out_4_bs_2";
let fixture: FsFixture;
let commits: string[];
let nights: Run[];

/** Ten nights, a commit each, of which the last two are slower. */
beforeAll(async () => {
  fixture = await createFixture({ "engine/.keep": "" });
  const repository = fixture.getPath("engine");
  git(repository, "init", "--quiet", "--initial-branch=main");
  const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];
  for (let night = 1; night <= 12; night++)
    git(repository, ...identity, "commit", "--quiet", "--allow-empty", "-m", `Night ${night}`);
  commits = git(repository, "rev-list", "--reverse", "main").split("\n");
  const asked = RunInputs.parse({
    benchmarks: "latency-sweep",
    batchSizes: 2,
    inputLen: 8,
    outputLen: 4,
    iterations: 7,
  });
  const { cells } = await planRun(asked);
  nights = Array.from({ length: 10 }, (_, index): Run => {
    const latency = index < 8 ? 1 : 1.3;
    const cell = { ...cells[0]!, benchmark: "latency-sweep" as const, status: "ok" as const };
    return runOn(index + 1, [{ ...cell, metrics: { latency_s: { count: 7, mean: latency, p50: latency } } }], {
      engine: { ...sampleRun.engine, kind: "simulated", args: ["--noise", "0.01"] },
      model: { ...sampleRun.model, name: "sim/h100-8b" },
      host: { ...sampleRun.host, label: "rack-1", gpu: null, gpuCount: 0 },
      // Every second commit has a night, but for the last two.
      trigger: { ...sampleRun.trigger, commit: commits[index < 8 ? index : index + 2]! },
      simulated: true,
    });
  });
  const home = { repository: fixture.getPath("database.git"), branch: "pitwall-data" };
  await appendRuns({ ...home, runs: nights }, recordingTools({ env }));
});
afterAll(() => fixture.rm());

const ask = (more: Record<string, unknown> = {}) =>
  questionOf(
    BisectInputs.parse({
      ...{
        run: nights.at(-1)!.id,
        series: `${CELL} latency_s`,
        database: `${fixture.getPath("database.git")}#pitwall-data`,
      },
      ...{ repository: fixture.getPath("engine"), engineArgs: "--timing /builds/{commit}.json", hostLabel: "rack-1" },
      ...{ output: fixture.getPath("out"), ...more },
    }),
    recordingTools({ env }),
  );

test("an alarm says all: pair, load, engine, direction, and where to look first", async () => {
  const { begun, inputs, cell, direction, stored } = await ask();
  expect(begun.builds.map(({ subject }) => subject)).toEqual(["Night 8", "Night 9", "Night 10", "Night 11"]);
  expect(begun).toMatchObject({ cell: CELL, metric: "latency_s", alarm: nights.at(-1)!.id, engine: "simulated" });
  expect(cell.params).toEqual(nights[0]!.cells[0]!.params);
  expect(inputs).toMatchObject({ benchmarks: ["latency-sweep"], batchSizes: [2], iterations: 7, model: "sim/h100-8b" });
  expect([direction, stored.map(({ commit }) => commit)]).toEqual(["higher", [3]]);
});

test("the alarm's own arguments are kept where none are given", async () => {
  // Without the commit in them all builds would be the same.
  await expect(ask({ engineArgs: [] })).rejects.toThrow(/put \{commit\} into/);
});

test.each([
  ["on another machine", { hostLabel: "rack-2" }, /the alarm is of rack-1 \(no GPU\), and this is rack-2/],
  ["with a pair of one's own", { good: "main~5" }, /--good does not go with --run/],
  ["of a run that is not there", { run: "20200101T000000Z-00000000" }, /no such run in the history/],
  ["of a calm night", { run: "20261105T064501Z-00000005" }, /no alarm to follow/],
])("an alarm %s is refused", async (_, more, message) => {
  await expect(ask(more)).rejects.toThrow(message);
});

test("another machine may be forced", async () => {
  expect((await ask({ hostLabel: "rack-2", force: true })).begun.host.label).toBe("rack-2");
});
