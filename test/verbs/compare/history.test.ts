import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { serializeRun } from "../../../src/database/document/document.ts";
import { type Renaming, renamingPath, serializeRenaming } from "../../../src/database/records/renaming.ts";
import { runPath } from "../../../src/database/records/run.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { compare } from "../../../src/verbs/compare/compare.ts";
import { notify } from "../../../src/verbs/notify/notify.ts";
import { runOn, size } from "../../report/histories.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { slackHost } from "../../support/slack-host.ts";

const WOBBLE = [1, 1.005, 0.997, 1.002, 0.998, 1.004, 0.995, 1.001, 1.003, 0.999];
const at = (run: Run, digit: string, ref = "refs/heads/main"): Run => ({
  ...run,
  trigger: { ...run.trigger, commit: digit.repeat(40), ref },
});
const nights = WOBBLE.map((factor, day) => at(runOn(day + 1, [size(1, factor), size(2, 2 * factor)]), "a"));
const slower = at(runOn(11, [size(1, 1.08), size(2, 2.001)]), "b", "refs/pull/7/merge");
const marker = { "pitwall.json": '{"schema":"pitwall.database/1"}\n' };
const branch = () =>
  createFixture({
    data: { ...marker, ...Object.fromEntries([...nights, slower].map((run) => [runPath(run), serializeRun(run)])) },
    "files/a.json": serializeRun(nights[9]!),
    "files/b.json": serializeRun(slower),
  });

const compared = (runs: string[], given: Record<string, unknown> = {}) =>
  compare.run(compare.inputs.parse({ runs, ...given }), recordingTools());

test("two sides of the data branch are compared series by series", async () => {
  await using folder = await branch();
  const { ok, outputs, json } = await compared(["main", "refs/pull/7/merge"], {
    database: `folder:${folder.getPath("data")}`,
  });
  expect(ok).toBe(true);
  expect(outputs).toEqual({ wins: [], loses: [`${size(1, 1).id} latency_s`], undecided: [] });
  expect(json).toMatchObject({ a: { word: "main" }, b: { runs: [slower.id] }, margin: 0.02 });
});

test("what came of it is left in the folder that was named, for notify, and else nowhere", async () => {
  await using folder = await branch();
  using slack = await slackHost();
  const output = folder.getPath("out");
  await compared(["main", "refs/pull/7/merge"], { database: `folder:${folder.getPath("data")}`, output });
  await notify.run({ output, slackWebhook: slack.url }, recordingTools({ env: {} }));
  const saved = compared([folder.getPath("out/history-comparison.json")]);
  await expect(saved).rejects.toThrow("for notify: name the two to see it again");
  const text = JSON.stringify(slack.messages[0]);
  expect(text).toContain("comparison of refs/pull/7/merge with main: 1 loses, 1 ties");
  expect(text).toMatch(/refs\/pull\/7\/merge loses: latency_s of [^ ]+ is 1\.0[78]\d\d × the base's/);
});

test("a gate fails by the state that it names, and by no other", async () => {
  await using folder = await branch();
  const given = { database: `folder:${folder.getPath("data")}` };
  expect((await compared(["aaaa", "bbbb"], { ...given, failOn: "loses" })).ok).toBe(false);
  expect((await compared(["aaaa", "bbbb"], { ...given, failOn: "loses", cell: "bs_2" })).ok).toBe(true);
});

test("two run documents need no history", async () => {
  await using folder = await branch();
  const { outputs, text } = await compared([folder.getPath("files/a.json"), folder.getPath("files/b.json")]);
  expect(outputs.loses).toEqual([]);
  expect(text).toContain("too few numbers to know how much they vary");
});

test("a run document beside a history has the noise of that history", async () => {
  await using folder = await branch();
  const given = { database: `folder:${folder.getPath("data")}` };
  expect((await compared(["main", folder.getPath("files/b.json")], given)).outputs.loses).toHaveLength(1);
});

test("a run document gets the names that the history gives its own runs", async () => {
  const moved = { ...slower, host: { ...slower.host, label: "h100-1.old" } };
  await using folder = await branch();
  await folder.writeFile("files/moved.json", serializeRun(moved));
  const renaming: Renaming = {
    ...{ schema: "pitwall.renaming/1", what: "host", from: moved.host.label, to: slower.host.label },
    ...{ why: "the pod's name was its label", by: "Octo", at: "2026-11-12T06:45:01Z" },
  };
  await folder.mkdir("data/renamed");
  await folder.writeFile(`data/${renamingPath(renaming)}`, serializeRenaming(renaming));
  const given = { database: `folder:${folder.getPath("data")}` };
  expect((await compared(["main", folder.getPath("files/moved.json")], given)).outputs.loses).toHaveLength(1);
});

describe("what cannot be compared is an error", () => {
  test.each<[string, string[], Record<string, unknown>, RegExp]>([
    ["one side", ["main"], {}, /takes two sides, A and B, not 1/],
    ["three sides", ["main", "aaaa", "bbbb"], {}, /takes two sides, A and B, not 3/],
    ["the same side twice", ["main", "aaaa"], {}, /both mean run/],
    ["a commit that was never measured", ["main", "cccccccc"], {}, /no run of the history is meant by “cccccccc”/],
    [
      "a cell that neither has",
      ["main", "bbbb"],
      { cell: "bs_64" },
      /neither side has a number of a cell with “bs_64”/,
    ],
    ["a file that there is not", ["main", "nowhere.json"], {}, /nowhere\.json could not be read: it does not exist/],
    ["sides and arms", ["main", "bbbb"], { live: true, arms: "arms.yml" }, /takes no runs like “main”/],
  ])("%s", async (_, runs, given, message) => {
    await using folder = await branch();
    await expect(compared(runs, { database: `folder:${folder.getPath("data")}`, ...given })).rejects.toThrow(message);
  });

  test("a run document without another side", async () => {
    await using folder = await branch();
    await expect(compared([folder.getPath("files/a.json")])).rejects.toThrow(
      /is a single run, and a comparison has two/,
    );
  });

  test("nothing at all", async () => {
    await expect(compare.run(compare.inputs.parse({}), recordingTools())).rejects.toThrow(
      /name two sides of the history/,
    );
  });
});
