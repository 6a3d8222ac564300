import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { serializeRun } from "../../../src/database/document/document.ts";
import { readContent } from "../../../src/database/read/read.ts";
import { named, noRecords } from "../../../src/database/records/applied.ts";
import { effectOf } from "../../../src/database/records/rename-effect.ts";
import { changeCells, type Renaming, renamingPath, serializeRenaming } from "../../../src/database/records/renaming.ts";
import { runPath } from "../../../src/database/records/run.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { contextOf } from "../../../src/result/series/series.ts";
import { exportData } from "../../../src/verbs/export/export.ts";
import { history } from "../../../src/verbs/history/history.ts";
import { verify } from "../../../src/verbs/verify/verify.ts";
import { runNumber } from "../../database/runs.ts";
import { fileOn, filesOn, git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { okLatencyCell, sampleRun } from "../../support/run-document.ts";

const env = { ...process.env, ...isolated, GITHUB_ACTIONS: "true", GITHUB_ACTOR: "octocat" };
const branch = "pitwall-data";
const why = "the rack was numbered";
const onHost = (number: number, label: string) => runNumber(number, { host: { ...sampleRun.host, label } });
const applyRenamings = (runs: readonly Run[], renamings: readonly Renaming[]) =>
  named(
    runs,
    { ...noRecords(), renaming: renamings.map((value) => ({ value, file: renamingPath(value) })) },
    changeCells,
  );
const hostOf = ({ host }: Run) => host.label;

const record = (changes: Partial<Renaming>): Renaming =>
  ({
    schema: "pitwall.renaming/1",
    what: "host",
    from: "a",
    to: "b",
    why,
    by: "octocat",
    at: "2026-11-24T10:00:00Z",
    ...changes,
  }) as Renaming;

function ask(database: string, given: Record<string, unknown>, tools = recordingTools({ env })) {
  return history.run(history.inputs.parse({ database, ...given }), tools);
}

describe("on a branch", () => {
  let fixture: FsFixture;
  let database: string;
  beforeAll(async () => {
    fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    const runs = [onHost(1, "h100-1"), onHost(2, "h100-1"), onHost(3, "h100-2"), onHost(5, "rack-7")];
    await appendRuns({ repository, branch, runs }, recordingTools({ env }));
    database = `${repository}#${branch}`;
  });
  afterAll(() => fixture.rm());

  test.each<[string, Record<string, unknown>, string | RegExp]>([
    ["nothing", { task: ["rename"], why }, "say what to rename: history rename host|model"],
    [
      "something without a name",
      { task: ["rename", "driver", "a", "b"], why },
      "“driver” is nothing that can be renamed",
    ],
    ["without a new name", { task: ["rename", "host", "h100-1"], why }, "takes the old and the new name"],
    ["with a name too many", { task: ["rename", "host", "h100-1", "b", "c"], why }, "takes the old and the new name"],
    [
      "a parameter without its name",
      { task: ["rename", "parameter", "1", "2"], why },
      "takes a parameter, the old and",
    ],
    ["an empty name", { task: ["rename", "host", "", "b"], why }, "the old name is empty: history rename host"],
    [
      "to an empty name",
      { task: ["rename", "host", "h100-1", " "], why },
      "the new name is empty: history rename host",
    ],
    ["to the same name", { task: ["rename", "host", "h100-1", "h100-1"], why }, "is the old name and the new one"],
    ["without a reason", { task: ["rename", "host", "h100-1", "b"] }, "say why with --why TEXT"],
    [
      "a name that no run has",
      { task: ["rename", "host", "h100-11", "b"], why },
      "no run has the host “h100-11”; did you mean “h100-1”? There are: h100-1, h100-2, rack-7",
    ],
    [
      "a name that no run has at all",
      { task: ["rename", "configuration", "a", "b"], why },
      "no run names a configuration",
    ],
    [
      "runs of another time",
      { task: ["rename", "host", "h100-1", "b"], why, until: "2026-11-01" },
      "no run with the host “h100-1” started in that time",
    ],
    [
      "in no time",
      { task: ["rename", "host", "h100-1", "b"], why, since: "2026-11-03", until: "2026-11-02" },
      "since is not before until",
    ],
    ["a cell to no cell's id", { task: ["rename", "cell", okLatencyCell.id, "a b"], why }, "must be a cell's id"],
    [
      "a cell to another benchmark",
      { task: ["rename", "cell", okLatencyCell.id, "serve-benchmark/x"], why },
      "a cell of latency-sweep stays one",
    ],
    [
      "a number to a word",
      { task: ["rename", "parameter", "batchSize", "1", "one"], why },
      "parameter batchSize is a number, which “one” is not",
    ],
    ["with a query", { task: ["rename", "host", "h100-1", "b"], why, ref: "main" }, "--ref does not go with rename"],
  ])("renaming %s is an error that says what to do, and adds nothing", async (_, given, message) => {
    const tip = git(fixture.getPath("database.git"), "rev-parse", branch);
    await expect(ask(database, given)).rejects.toThrow(message);
    expect(git(fixture.getPath("database.git"), "rev-parse", branch)).toBe(tip);
  });

  test("a dry run says how many runs and series it touches, and whose numbers it would mix", async () => {
    const tools = recordingTools({ env });
    const { text } = await ask(database, { task: ["rename", "host", "h100-1", "h100-2"], why, dryRun: true }, tools);
    expect(text).toBe(
      "would rename host h100-1 → h100-2: 2 runs, 1 series, 1 of them joined to runs of that name, " +
        `on pitwall-data of ${fixture.getPath("database.git")}`,
    );
    expect(tools.said, "one machine after the other").toEqual([]);
    await ask(
      database,
      { task: ["rename", "host", "h100-2", "h100-1"], why, until: "2026-12-01", dryRun: true },
      tools,
    );
    expect(tools.said).toEqual([]);
    await expect(ask(database, { dryRun: true })).rejects.toThrow("--dry-run goes with a task");
    const would = await ask(database, { task: `retract,${runNumber(1).id}`, why, dryRun: true });
    expect(would.text).toBe(`would retract ${runNumber(1).id} on pitwall-data of ${fixture.getPath("database.git")}`);
  });

  test("every reader shows the new name and says so, and no document changes", async () => {
    const repository = fixture.getPath("database.git");
    const before = filesOn(repository);
    const { text, outputs } = await ask(database, { task: ["rename", "host", "h100-1", "rack-5"], why });
    expect(text).toMatch(`renamed host h100-1 → rack-5: 2 runs, 1 series, on pitwall-data of ${repository} as commit `);
    expect(outputs).toMatchObject({ runs: 2, renamed: 1 });
    const added = filesOn(repository).filter((path) => !before.includes(path));
    expect(added).toEqual([expect.stringMatching(/^renamed\/\d{8}T\d{6}Z-[0-9a-f]{8}\.json$/)]);
    expect(JSON.parse(fileOn(repository, added[0]!))).toMatchObject({
      from: "h100-1",
      to: "rack-5",
      why,
      by: "octocat",
    });
    expect(fileOn(repository, runPath(runNumber(1)))).toBe(serializeRun(onHost(1, "h100-1")));
    expect(git(repository, "log", "-1", "--format=%B", branch)).toBe(`Rename host h100-1 to rack-5\n\n${why}`);

    // A runner that was not told yet publishes under the old name.
    await appendRuns({ repository, branch, runs: [onHost(4, "h100-1")] }, recordingTools({ env }));
    const { runs } = await readContent(database, { env });
    expect(runs.map(hostOf)).toEqual(["rack-5", "rack-5", "h100-2", "rack-5", "rack-7"]);
    const points = JSON.parse((await ask(database, { format: "json", host: "rack-5" })).text!);
    expect(points).toHaveLength(3);
    const exported = await exportData.run(
      exportData.inputs.parse({ database, format: "jsonl" }),
      recordingTools({ env }),
    );
    const [first] = exported.text!.split("\n").map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      host: { label: "rack-5" },
      renamed: [{ what: "host", from: "h100-1", to: "rack-5", why, by: "octocat" }],
    });
    const verified = await verify.run(verify.inputs.parse({ database }), recordingTools({ env }));
    expect(verified.ok).toBe(true);
    const shown = appendRuns({ repository, branch: "other", runs: [first] }, recordingTools({ env }));
    await expect(shown, "what a reader shows is no document").rejects.toThrow("as a reader shows it");
  });

  test("a second record applies to the names that the first one left", async () => {
    await ask(database, { task: ["rename", "host", "rack-5", "rack-05"], why: "two digits" });
    const { runs } = await readContent(database, { env });
    expect(runs.map(hostOf)).toEqual(["rack-05", "rack-05", "h100-2", "rack-05", "rack-7"]);
    expect(runs[0]!.renamed?.map(({ from, to }) => `${from} ${to}`)).toEqual(["h100-1 rack-5", "rack-5 rack-05"]);
    await expect(ask(database, { task: ["rename", "host", "h100-1", "b"], why })).rejects.toThrow(
      "no run has the host",
    );
  });
});

describe("records apply in the order of their moments", () => {
  const [first, second] = ["2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z"];
  const shown = (labels: string[], renamings: Renaming[]) =>
    applyRenamings(
      labels.map((label, index) => onHost(index + 1, label)),
      renamings,
    ).map(hostOf);

  test("as a chain", () => {
    const chain = [record({ at: second, from: "b", to: "c" }), record({ at: first })];
    expect(shown(["a", "b", "c"], chain)).toEqual(["c", "c", "c"]);
  });

  test("and not backwards", () => {
    const late = [record({ at: first, from: "b", to: "c" }), record({ at: second })];
    expect(shown(["a", "b"], late)).toEqual(["b", "c"]);
  });

  test("in a circle, once each", () => {
    expect(shown(["a", "b"], [record({ at: first }), record({ at: second, from: "b", to: "a" })])).toEqual(["a", "a"]);
  });
});

test.each<[string, Partial<Renaming>, Partial<Run>, (run: Run) => unknown, unknown]>([
  ["model", { what: "model", from: sampleRun.model.name, to: "m" }, {}, ({ model }) => model.name, "m"],
  ["configuration", { what: "configuration" }, { configuration: "a" }, (run) => run.configuration, "b"],
  [
    "run's engine arguments, which the document goes on to tell",
    { what: "arguments", from: "--max-num-seqs 256", to: "none" },
    { engine: { ...sampleRun.engine, args: ["--max_num_seqs=256", "--port", "9"] } },
    (run) => [contextOf(run).engineArguments, run.engine.args.length],
    [undefined, 3],
  ],
  [
    "run without engine arguments to have one",
    { what: "arguments", from: "none", to: "--max-num-seqs 256" },
    {},
    (run) => contextOf(run).engineArguments,
    "--max-num-seqs 256",
  ],
  [
    "GPU, card by card",
    { what: "gpu", from: "H100", to: "H100 SXM" },
    { host: { ...sampleRun.host, gpu: "H100", gpus: [{ name: "H100" }] } },
    ({ host }) => [host.gpu, host.gpus],
    ["H100 SXM", [{ name: "H100 SXM" }]],
  ],
  [
    "cell",
    { what: "cell", from: okLatencyCell.id, to: "latency-sweep/one" },
    {},
    ({ cells }) => cells.map(({ id }) => id),
    ["latency-sweep/one"],
  ],
  [
    "cell, but not onto one that the run has",
    { what: "cell", from: "latency-sweep/x", to: okLatencyCell.id },
    { cells: [okLatencyCell, { ...okLatencyCell, id: "latency-sweep/x" }] },
    ({ cells }) => cells.map(({ id }) => id),
    [okLatencyCell.id, "latency-sweep/x"],
  ],
  [
    "parameter",
    { what: "parameter", parameter: "batchSize", from: 1, to: 2 } as Partial<Renaming>,
    {},
    ({ cells }) => cells[0]!.params.batchSize,
    2,
  ],
  ["host since a moment", { from: "h100-1", since: "2026-11-02T06:45:01Z" }, {}, hostOf, "b"],
  ["host since a later moment", { from: "h100-1", since: "2026-11-02T06:45:02Z" }, {}, hostOf, "h100-1"],
  ["host until a moment", { from: "h100-1", until: "2026-11-02T06:45:01Z" }, {}, hostOf, "h100-1"],
])("renames a %s", (_, changes, run, look, expected) => {
  expect(look(applyRenamings([runNumber(1, run)], [record(changes)])[0]!)).toEqual(expected);
});

test("a record that joins two machines that measured at the same time mixes their series; one after the other it does not", () => {
  const mixed = [onHost(1, "a"), onHost(2, "b"), onHost(3, "a")];
  expect(effectOf(mixed, record({}))).toMatchObject({
    series: 1,
    joined: 1,
    mixed: 1,
    mixedFrom: "2026-11-03T06:45:01.000Z",
  });
  expect(effectOf(mixed, record({ since: "2026-11-04T00:00:00Z" }))).toMatchObject({ joined: 1, mixed: 0 });
  expect(effectOf([onHost(1, "a"), onHost(2, "b")], record({}))).toMatchObject({ joined: 1, mixed: 0 });
  const both = runNumber(1, { cells: [okLatencyCell, { ...okLatencyCell, id: "latency-sweep/x" }] });
  const onto = record({ what: "cell", from: "latency-sweep/x", to: okLatencyCell.id });
  expect(effectOf([both], onto)).toMatchObject({ runs: [], withBoth: [both.id] });
});

test.each<[string, string, string, string]>([
  ["without a reason", renamingPath(record({})), serializeRenaming(record({ why: "" })), "does not have the form of"],
  ["to the same name", renamingPath(record({})), serializeRenaming(record({ to: "a" })), "from and to are the same"],
  [
    "changed by hand",
    renamingPath(record({})),
    serializeRenaming(record({ to: "c" })),
    "was changed since it was written",
  ],
  ["of a newer format", renamingPath(record({})), '{"schema":"pitwall.renaming/2"}', "a newer pitwall"],
  ["without an id for a name", "renamed/a.json", serializeRenaming(record({})), "does not belong on a data branch"],
])("a record %s is named by verify", async (_, path, text, message) => {
  await using fixture = await createFixture({ "pitwall.json": '{"schema":"pitwall.database/1"}\n', [path]: text });
  const { outputs } = await verify.run(verify.inputs.parse({ database: fixture.path }), recordingTools());
  expect(outputs.problems).toEqual([expect.stringContaining(`${path} `)]);
  expect(outputs.problems).toEqual([expect.stringContaining(message)]);
});
