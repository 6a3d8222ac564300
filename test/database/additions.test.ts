import { cp } from "node:fs/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAppender } from "../../src/database/append.ts";
import type { Appender } from "../../src/database/appender.ts";
import { serializeRun } from "../../src/database/document/document.ts";
import { verifyDatabase } from "../../src/database/read/verify.ts";
import { acceptedPath, serializeAccepted } from "../../src/database/records/accepted.ts";
import { renamingPath, serializeRenaming } from "../../src/database/records/renaming.ts";
import { retractionPath, serializeRetraction } from "../../src/database/records/retraction.ts";
import { runPath } from "../../src/database/records/run.ts";
import { UserError } from "../../src/errors.ts";
import type { Run } from "../../src/result/document/run.ts";
import { commitByHand, git, isolated } from "../support/git-repository.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { packOf } from "./pack/packs.ts";
import { runNumber } from "./runs.ts";

const env = { ...process.env, ...isolated };
const branch = "pitwall-data";
const [good, other] = [runNumber(1), runNumber(2)];
const withId = (run: Run, number: number): Run => ({
  ...run,
  id: runNumber(number).id.replace(/^.{8}/, run.id.slice(0, 8)),
});
const twin = withId(good, 15);
const at = "2026-11-24T10:00:00Z";
const accepted = (series: string, from = good.id) => ({
  schema: "pitwall.accepted/1" as const,
  series,
  from,
  why: "right",
});
const renaming = (from: string, to: string) =>
  ({ schema: "pitwall.renaming/1", what: "host", from, to, why: "moved", by: "o", at }) as const;
const retraction = (run: string) => ({ schema: "pitwall.retraction/1" as const, run, why: "throttled", at });

/** What is wrong with each of these, as a file that somebody wrote by hand and as a document that is to be published. */
const cases: [string, Record<string, string>, (appender: Appender) => Promise<unknown>, RegExp][] = [
  [
    "the same measurements under another id",
    { [runPath(twin)]: serializeRun(twin) },
    (appender) => appender.append([twin]),
    /the same measurements as the run 20261102T064501Z-0000000/,
  ],
  [
    "a document larger than any",
    large(other),
    (appender) => appender.append([JSON.parse(Object.values(large(other))[0]!)]),
    /is 5\.\d MiB, more than any document has/,
  ],
  [
    "an end before the beginning",
    file({ ...other, finishedAt: "2026-11-01T00:00:00Z" }),
    (appender) => appender.append([{ ...other, finishedAt: "2026-11-01T00:00:00Z" }]),
    /ended \(2026-11-01T00:00:00Z\) before it began/,
  ],
  [
    "a cell twice",
    file({ ...other, cells: [...other.cells, ...other.cells] }),
    (appender) => appender.append([{ ...other, cells: [...other.cells, ...other.cells] }]),
    /has the cell \S+ more than once/,
  ],
  [
    "a record that accepts no series",
    { [acceptedPath(accepted("nothing"))]: serializeAccepted(accepted("nothing")) },
    (appender) => appender.record("accepted", [accepted("nothing")]),
    /accepts “nothing”, which is the name of no series/,
  ],
  [
    "a record about a run that is not there",
    { [retractionPath(other.id)]: serializeRetraction(retraction(other.id)) },
    (appender) => appender.record("retraction", [retraction(other.id)]),
    /a run that is not on the branch|no such run/,
  ],
  [
    "a renaming to the same name",
    { [renamingPath(renaming("a", "a"))]: serializeRenaming(renaming("a", "a")) },
    (appender) => appender.record("renaming", [renaming("a", "a")]),
    /from and to are the same/,
  ],
];

function file(run: Run): Record<string, string> {
  return { [runPath(run)]: serializeRun(run) };
}

function large(run: Run): Record<string, string> {
  return file({ ...run, engine: { ...run.engine, version: "x".repeat(5.5 * 2 ** 20) } });
}

let templates: FsFixture;
beforeAll(async () => {
  templates = await createFixture({ data: {} });
  for (const repository of [templates.getPath("database.git"), `folder:${templates.getPath("data")}`]) {
    await using appender = await open(repository);
    await appender.append([good]);
  }
});
afterAll(() => templates.rm());

const open = (repository: string) => openAppender({ repository, branch }, recordingTools({ env }));
const problems = async (source: string) => (await verifyDatabase(source, { env })).problems;

describe.each(cases)("%s", (_, files, publish, message) => {
  test("is what verify refuses", async () => {
    await using fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    await cp(templates.getPath("database.git"), repository, { recursive: true });
    commitByHand(repository, branch, files, fixture.getPath("clone"));
    expect((await problems(`${repository}#${branch}`)).map(({ message: text }) => text)).toEqual([
      expect.stringMatching(message),
    ]);
  });

  test.each(["database.git", "data"])("is what an append to %s refuses before it writes", async (name) => {
    await using fixture = await createFixture();
    const path = fixture.getPath(name);
    await cp(templates.getPath(name), path, { recursive: true });
    await using appender = await open(name === "data" ? `folder:${path}` : path);
    const refusal = await publish(appender).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UserError);
    expect((refusal as UserError).message).toMatch(message);
    expect(await problems(name === "data" ? path : `${path}#${branch}`)).toEqual([]);
    if (name !== "data") expect(git(path, "rev-list", "--count", branch)).toBe("1");
  });
});

test("two runs of one append that measured the same are refused together", async () => {
  await using fixture = await createFixture();
  await using appender = await open(fixture.getPath("database.git"));
  await expect(appender.append([good, twin])).rejects.toThrow("would count twice");
});

test("a twin of a packed run is refused; of a retracted one it takes the place", async () => {
  const marker = { "pitwall.json": '{"schema":"pitwall.database/1","holds":"real"}\n' };
  const files = Object.entries({ ...marker, ...(await packOf([good])) });
  await using fixture = await createFixture(
    Object.fromEntries(files.map(([path, content]) => [`data/${path}`, content])),
  );
  await using appender = await open(`folder:${fixture.getPath("data")}`);
  await expect(appender.append([twin])).rejects.toThrow(`the same measurements as the run ${good.id}`);
  await appender.record("retraction", [retraction(good.id)]);
  await appender.append([twin]);
  expect(await problems(fixture.getPath("data"))).toEqual([]);
});

test("machines that got one name afterwards do not make their runs twins", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await using appender = await open(repository);
  await appender.append([good, { ...twin, host: { ...twin.host, label: "rack-5" } }]);
  await appender.record("renaming", [renaming("rack-5", good.host.label)]);
  expect(await problems(`${repository}#${branch}`)).toEqual([]);
});

test("a record may name a series as it was called before, or as it is called today", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await using appender = await open(repository);
  await appender.append([good]);
  const cell = good.cells[0]!.id;
  await appender.record("renaming", [
    { ...renaming("", ""), what: "cell", from: cell, to: "latency-sweep/new" } as never,
  ]);
  await appender.record("accepted", [accepted(`${cell} latency_s`), accepted("latency-sweep/new *")]);
  expect(await problems(`${repository}#${branch}`)).toEqual([]);
});
