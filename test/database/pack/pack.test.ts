import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { serializeRun } from "../../../src/database/document/document.ts";
import { byTime } from "../../../src/database/document/layout.ts";
import { blobId } from "../../../src/database/git-home/plumbing/commit.ts";
import { packLine, packLines, unpackLine, unpackLines } from "../../../src/database/pack/pack.ts";
import { monthOf } from "../../../src/database/pack/packed-index.ts";
import { readContent, readDatabase } from "../../../src/database/read/read.ts";
import { retractionPath, serializeRetraction } from "../../../src/database/records/retraction.ts";
import { runPath } from "../../../src/database/records/run.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { runNumber } from "../runs.ts";
import { packOf } from "./packs.ts";

const marker = { "pitwall.json": '{"schema":"pitwall.database/1"}\n' };

/** Runs of a few months, with any text and any number where a document may have one. */
const anyRun: fc.Arbitrary<Run> = fc
  .record({
    month: fc.constantFrom("2026-09", "2026-10", "2026-11"),
    number: fc.nat(0xffff),
    subject: fc.string({ unit: "binary", minLength: 1 }),
    value: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
  })
  .map(({ month, number, subject, value }) => {
    const run = runNumber(number);
    const id = run.id.replace("202611", month.replace("-", ""));
    const cell = { ...run.cells[0]!, status: "ok" as const, metrics: { latency_s: { count: 1, mean: value } } };
    return {
      ...run,
      id,
      startedAt: run.startedAt.replace("2026-11", month),
      trigger: { ...run.trigger, subject },
      cells: [cell as Run["cells"][number]],
    };
  });

test("any set of documents, however it is split between files and packs, reads back equal", async () => {
  const anySplit = fc.uniqueArray(fc.tuple(anyRun, fc.constantFrom("loose", "packed", "both")), {
    selector: ([{ id }]) => id,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(anySplit, async (split) => {
      const runs = split.map(([run]) => run).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const how = new Map(split.map(([run, where]) => [run.id, where]));
      const loose = runs.filter(({ id }) => how.get(id) !== "packed");
      const packs = Map.groupBy(
        runs.filter(({ id }) => how.get(id) !== "loose"),
        ({ id }) => monthOf(id),
      );
      const files = Object.fromEntries(loose.map((run) => [runPath(run), serializeRun(run)]));
      for (const ofMonth of packs.values()) Object.assign(files, await packOf(ofMonth));
      await using fixture = await createFixture({ ...marker, ...files });
      expect((await readDatabase(fixture.path)).runs).toEqual(runs.toSorted(byTime));
    }),
    { numRuns: 25 },
  );
});

test("any document comes out of a pack byte for byte, and a pack is the same whenever it is made", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRun, { maxLength: 4 }), async (runs) => {
      const texts = runs.map(serializeRun);
      const packed = await packLines(texts.map((text) => packLine(text)!));
      const { lines, damage } = await unpackLines(packed);
      expect(damage).toBeNull();
      expect(lines.map((line) => unpackLine(String(line)))).toEqual(texts);
      for (const line of lines) expect(() => JSON.parse(String(line))).not.toThrow();
      expect(await packLines(texts.map((text) => packLine(text)!))).toEqual(packed);
    }),
    { numRuns: 25 },
  );
});

test("a text that would not come back is not packed", () => {
  const text = serializeRun(runNumber(1));
  expect(packLine(text.replaceAll("\n", "\r\n"))).toBeNull();
  expect(packLine(text.replace("\n", "\n\t"))).toBeNull();
  expect(packLine(text.trimEnd())).toBeNull();
});

describe("in a pack,", () => {
  const [first, second, third] = [runNumber(1), runNumber(2), runNumber(3)];
  const october = { ...first, id: first.id.replace("202611", "202610") };
  const changed = { ...second, host: { ...second.host, label: "other" } };
  const [pack, index] = ["packed/2026/2026-11.jsonl.gz", "packed/2026/2026-11.ids"];
  const all = [first, second, third];
  type Files = Record<string, string | Buffer>;
  const cut = (files: Files, bytes: number): Files => ({
    ...files,
    [pack]: (files[pack] as Buffer).subarray(0, -bytes),
  });
  const without = (files: Files, file: string) =>
    Object.fromEntries(Object.entries(files).filter(([name]) => name !== file));

  test.each<[string, () => Promise<Files>, Run[], string[]]>([
    [
      "the end cut off",
      async () => cut(await packOf(all), 20),
      [first, second],
      [`${pack} is cut off, or something follows its end`, `${pack} lacks 1 run of ${index}: ${third.id}`],
    ],
    [
      "no gzip at all",
      async () => ({ ...(await packOf([first])), [pack]: "{}" }),
      [],
      [`${pack} is not a sound gzip file: incorrect header check`, `${pack} lacks 1 run of ${index}: ${first.id}`],
    ],
    [
      "a run less than the index has",
      () => packOf([first, third], { indexed: all }),
      [first, third],
      [`${pack} lacks 1 run of ${index}: ${second.id}`],
    ],
    [
      "a run more than the index has",
      () => packOf(all, { indexed: [first, third] }),
      [first, third],
      [`${pack} holds the run ${second.id}, which is not in ${index}`],
    ],
    [
      "a run whose bytes are not those of the index",
      () => packOf([first, changed], { indexed: [first, second] }),
      [first],
      [`${pack} holds other bytes of the run ${second.id} than ${index} says`],
    ],
    [
      "a run twice",
      () => packOf([first, second, second], { indexed: [first, second] }),
      [first, second],
      [`${pack} has the run ${second.id} more than once`],
    ],
    [
      "a run of another month",
      () => packOf([october, first], { month: "2026-11" }),
      [first],
      [`${pack} holds the run ${october.id}, which is of another month`],
    ],
    [
      "runs out of order",
      () => packOf([second, first], { indexed: [first, second] }),
      [first, second],
      [`${pack} breaks the order: the run ${first.id} comes after ${second.id}`],
    ],
    ["an index that is missing", async () => without(await packOf(all), index), all, [`${index} is missing`]],
    [
      "an index that is damaged",
      async () => ({ ...(await packOf(all)), [index]: `${first.id} 12\n` }),
      all,
      [`${index}, line 1, is not the id of a run and the name of a blob`],
    ],
    [
      "an index out of order",
      () => packOf([first, second], { indexed: [second, first] }),
      [first, second],
      [`${index}, line 2, breaks the order: ${first.id} is not after ${second.id}`],
    ],
    [
      "nothing but the index",
      async () => without(await packOf(all), pack),
      [],
      [`${pack} is missing, but ${index} is there`],
    ],
    [
      "a file of the same id that says something else",
      async () => ({
        ...(await packOf(all)),
        [runPath(second)]: serializeRun(changed),
      }),
      all,
      [`${runPath(second)} says something else of the run ${second.id} than ${pack}`],
    ],
    [
      "a document that is no run",
      async () => ({ ...(await packOf([first])), [pack]: await packLines(["{}"]) }),
      [],
      [
        `${pack}, line 1, should have the schema “pitwall.run/1”, but has none`,
        `${pack} lacks 1 run of ${index}: ${first.id}`,
      ],
    ],
    [
      "50 MiB and more",
      async () => ({ ...(await packOf(all)), [pack]: Buffer.alloc(51 * 2 ** 20) }),
      [],
      [`${pack} is 51.0 MiB, more than any pack has (50 MiB)`],
    ],
  ])("%s is named, and the rest of it can be read", async (_, damaged, readable, messages) => {
    await using fixture = await createFixture({ ...marker, ...(await damaged()) });
    const { runs, problems } = await readContent(fixture.path);
    expect(problems.map(({ message }) => message)).toEqual(messages);
    expect(runs).toEqual(readable);
  });

  test("bytes that were changed cost the runs from there on, which are named", async () => {
    const noise = (number: number) => createHash("sha512").update(String(number)).digest("base64");
    const many = Array.from({ length: 20 }, (_, number) =>
      runNumber(number, { trigger: { ...first.trigger, subject: noise(number) } }),
    );
    const files = await packOf(many);
    const bytes = files[pack] as Buffer;
    bytes.fill(0xaa, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 20);
    await using fixture = await createFixture({ ...marker, ...files });
    const { runs, problems } = await readContent(fixture.path);
    expect(runs.length).toBeGreaterThan(0);
    expect(runs).toEqual(many.slice(0, runs.length));
    expect(problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`${pack} is not a sound gzip file: `),
    );
    expect(problems.at(-1)!.message).toMatch(new RegExp(`lacks ${20 - runs.length} runs of .*${many.at(-1)!.id}$`));
  });

  test("nothing of a pack is read that says it is too large, or that is", async () => {
    const bytes = Buffer.alloc(3 * 2 ** 20, "[]\n");
    const packed = gzipSync(bytes);
    expect(await unpackLines(packed, 2)).toEqual({
      lines: [],
      damage: "says that it unpacks to 3.0 MiB, more than a pack may have (2 MiB), or it is cut off",
    });
    packed.writeUInt32LE(1, packed.length - 4);
    expect(await unpackLines(packed, 2)).toEqual({
      lines: [],
      damage: "unpacks to more than a pack may have (2 MiB)",
    });
    packed.writeUInt32LE(bytes.length, packed.length - 4);
    expect((await unpackLines(packed, 4)).damage).toBeNull();
  });

  test("a document in it that is larger than any is named", async () => {
    const large = { ...first, engine: { ...first.engine, version: "x".repeat(6 * 2 ** 20) } };
    await using fixture = await createFixture({ ...marker, ...(await packOf([large])) });
    const { problems } = await readContent(fixture.path);
    expect(problems[0]!.message).toContain(`${pack}, line 1, is 6.0 MiB, more than any document has`);
  });

  test("a run that is in a file as well, byte for byte or laid out by hand, is one run", async () => {
    const byHand = `${JSON.stringify(second, null, 2)}\n`;
    const files = { [runPath(first)]: serializeRun(first), [runPath(second)]: byHand };
    await using fixture = await createFixture({ ...marker, ...(await packOf(all)), ...files });
    expect((await readDatabase(fixture.path)).runs).toEqual(all);
  });

  test("a run that was retracted is left out", async () => {
    const record = {
      schema: "pitwall.retraction/1" as const,
      run: second.id,
      why: "throttled",
      at: "2026-11-24T10:00:00Z",
    };
    const files = { [retractionPath(second.id)]: serializeRetraction(record) };
    await using fixture = await createFixture({ ...marker, ...(await packOf(all)), ...files });
    const { runs, problems } = await readContent(fixture.path);
    expect({ runs, problems }).toEqual({ runs: [first, third], problems: [] });
  });

  test("the name of a blob is git's own for the document's text", async () => {
    await using fixture = await createFixture({ ...marker, ...(await packOf(all)) });
    const { packed } = await readContent(fixture.path);
    expect(packed).toEqual(all.map((run) => ({ id: run.id, blob: blobId(serializeRun(run)) })));
  });
});
