import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { serializeRun } from "../../../src/database/document/document.ts";
import { numbersOf } from "../../../src/database/query/numbers.ts";
import { queryPoints } from "../../../src/database/query/points.ts";
import { readNumbers } from "../../../src/database/query/read-numbers.ts";
import { decodeSegment, encodeSegment } from "../../../src/database/query/segment.ts";
import { readContent } from "../../../src/database/read/read.ts";
import { type Renaming, renamingPath, serializeRenaming } from "../../../src/database/records/renaming.ts";
import { retractionPath, serializeRetraction } from "../../../src/database/records/retraction.ts";
import { runPath } from "../../../src/database/records/run.ts";
import type { Run, RunCell } from "../../../src/result/document/run.ts";
import { git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { crashedServingCell, okLatencyCell } from "../../support/run-document.ts";
import { packOf } from "../pack/packs.ts";
import { runNumber } from "../runs.ts";

const branch = "pitwall-data";
const marker = { "pitwall.json": '{"schema":"pitwall.database/1"}\n' };
const all = { statistic: "all" };
const environment = (cache: string) => ({ ...process.env, ...isolated, XDG_CACHE_HOME: cache });

/** What a read without any cache tells. */
async function plainly(source: string, env: NodeJS.ProcessEnv) {
  const { runs, records, problems } = await readContent(source, { env });
  return { points: queryPoints(runs.map(numbersOf), all), records, problems };
}

async function cached(source: string, env: NodeJS.ProcessEnv) {
  const { runs, records, problems } = await readNumbers(source, { env });
  return { points: queryPoints(runs, all), records, problems };
}

function segments(cache: string): string[] {
  const folder = join(cache, "pitwall", "numbers");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".numbers"))
    .map((name) => join(folder, name));
}

const anyMetrics = fc.record(
  {
    ttft_ms: fc.record({
      mean: fc.double({ noNaN: true, noDefaultInfinity: true }),
      p50: fc.double({ min: 0, max: 9, noNaN: true }),
    }),
    latency_s: fc.record({
      count: fc.integer({ min: 1, max: 500 }),
      p99: fc.double({ min: 0, max: 1e-7, noNaN: true }),
    }),
    duration_s: fc.double({ noNaN: true, noDefaultInfinity: true }),
  },
  { requiredKeys: [] },
);
const anyCell: fc.Arbitrary<RunCell> = fc.oneof(
  fc.constant(crashedServingCell),
  fc.record({ metrics: anyMetrics, batch: fc.integer({ min: 1, max: 4 }), hasClient: fc.boolean() }).map(
    ({ metrics, batch, hasClient }) =>
      ({
        ...okLatencyCell,
        id: `latency-sweep/in_512_out_128_bs_${batch}`,
        metrics,
        ...(hasClient ? { client: { kind: "vllm", version: "0.32.0" } } : {}),
      }) as RunCell,
  ),
);
/** Runs of two months. */
const anyNumber = fc.integer({ min: 1, max: 3 });
const anyRun = fc
  .record({ number: anyNumber, cells: fc.array(anyCell, { minLength: 1, maxLength: 3 }), isTuned: fc.boolean() })
  .map(({ number, cells, isTuned }) => {
    const { id, ...run } = runNumber(number, { cells, ...(isTuned ? { configuration: "chunks of 8 k" } : {}) });
    return { ...run, id: number < 2 ? id : id.replace("202611", "202610") };
  });
/** A pack of October, whose files may be cut or lose their index. */
const anyPack = fc
  .record({
    runs: fc.uniqueArray(
      anyRun.filter(({ id }) => id.startsWith("202610")),
      { selector: ({ id }) => id, minLength: 1, maxLength: 2 },
    ),
    damage: fc.constantFrom("none", "none", "cut", "no index"),
  })
  .map(({ runs, damage }) => ({ do: "pack" as const, path: "", text: damage, runs }));
const anyRenaming = fc
  .constantFrom<Pick<Renaming, "what" | "from" | "to">>(
    { what: "host", from: "h100-1", to: "rack-5" },
    { what: "gpu", from: "NVIDIA H100 80GB HBM3", to: "H100" },
    { what: "cell", from: okLatencyCell.id, to: "latency-sweep/in_512_out_128_bs_2" },
    { what: "cell", from: "latency-sweep/in_512_out_128_bs_3", to: "latency-sweep/of-three" },
  )
  .map(
    (change) =>
      ({ schema: "pitwall.renaming/1", why: "x", by: "y", at: "2026-11-24T10:00:00Z", ...change }) as Renaming,
  )
  .map((renaming) => ({ do: "write" as const, path: renamingPath(renaming), text: serializeRenaming(renaming) }));
const anyStep = fc.oneof(
  anyPack,
  anyRenaming,
  anyRun.map((run) => ({ do: "write" as const, path: runPath(run), text: serializeRun(run) })),
  anyRun.map((run) => ({ do: "write" as const, path: runPath(run), text: serializeRun(run).slice(0, -9) })),
  anyRun.map(({ id }) => ({
    do: "write" as const,
    path: retractionPath(id),
    text: serializeRetraction({ schema: "pitwall.retraction/1", run: id, why: "hot", at: "2026-11-24T10:00:00Z" }),
  })),
  anyRun.map((run) => ({ do: "remove" as const, path: runPath(run), text: "" })),
  fc.constant({ do: "damage the cache" as const, path: "", text: "" }),
);

type Step = { do: string; path: string; text: string; runs?: Run[] };

async function take(step: Step, folder: string, cache: string): Promise<void> {
  const file = join(folder, step.path);
  if (step.do === "pack") return await pack(step, folder);
  if (step.do === "remove") rmSync(file, { force: true });
  else if (step.do === "write") {
    // As writers do it, by a name aside.
    writeFileSync(`${folder}.new`, step.text);
    renameSync(`${folder}.new`, file);
  } else for (const path of segments(cache)) writeFileSync(path, readFileSync(path).subarray(0, -3));
}

async function pack({ runs = [], text: damage }: Step, folder: string): Promise<void> {
  for (const [path, content] of Object.entries(await packOf(runs.toSorted((a, b) => (a.id < b.id ? -1 : 1))))) {
    const isIndex = path.endsWith(".ids");
    writeFileSync(`${folder}.new`, damage === "cut" && !isIndex ? content.slice(0, -9) : content);
    renameSync(`${folder}.new`, join(folder, path));
    if (damage === "no index" && isIndex) rmSync(join(folder, path));
  }
}

describe("in a folder, seen a while after it was written,", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 }));
  afterEach(() => vi.useRealTimers());

  test("reads with a cache tell what reads without one tell, whatever happens in between", async () => {
    await using fixture = await createFixture();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 8 }), async (steps) => {
        const folder = fixture.getPath(`database-${count++}`);
        const cache = `${folder}-cache`;
        for (const path of ["runs/2026/10", "runs/2026/11", "packed/2026", "retracted", "renamed"])
          await mkdir(join(folder, path), { recursive: true });
        await writeFile(join(folder, "pitwall.json"), marker["pitwall.json"]);
        await mkdir(join(cache, "pitwall", "numbers"), { recursive: true });
        for (const step of steps) {
          await take(step, folder, cache);
          expect(await cached(folder, environment(cache))).toEqual(await plainly(folder, environment(cache)));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("a file that changed its content, not its size, is read again", async () => {
    await using fixture = await createFixture({ ...marker, [runPath(runNumber(1))]: serializeRun(runNumber(1)) });
    await using cache = await createFixture();
    const env = environment(cache.path);
    await cached(fixture.path, env);
    const path = runPath(runNumber(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await fixture.writeFile(path, serializeRun(runNumber(1)).replace("1.3635", "9.9999"));
    expect((await cached(fixture.path, env)).points.map(({ value }) => value)).toContain(9.9999);
  });
});

test("what has just been written in a folder is not cached: its time stamps could not tell a second change", async () => {
  await using fixture = await createFixture({ ...marker, [runPath(runNumber(1))]: serializeRun(runNumber(1)) });
  await using cache = await createFixture();
  await cached(fixture.path, environment(cache.path));
  expect(await cache.readdir("")).toEqual([]);
});

describe("of a branch in a repository", () => {
  async function published(...runs: Run[]) {
    const fixture: FsFixture = await createFixture();
    const repository = fixture.getPath("database.git");
    const env = environment(fixture.getPath("cache"));
    const append = (run: Run) => appendRuns({ repository, branch, runs: [run] }, recordingTools({ env }));
    for (const run of runs) await append(run);
    return { fixture, repository, env, append, [Symbol.asyncDispose]: () => fixture.rm() };
  }

  test("only what is new is fetched and read", async () => {
    await using place = await published(runNumber(1), runNumber(2));
    const { repository, env, append, fixture } = place;
    expect(await cached(repository, env)).toEqual(await plainly(repository, env));
    await append(runNumber(3));
    const blob = git(repository, "rev-parse", `${branch}:${runPath(runNumber(1))}`);
    await fixture.rm(`database.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
    const { points, problems } = await cached(repository, env);
    expect(problems).toEqual([]);
    expect(new Set(points.map(({ run }) => run))).toEqual(new Set([1, 2, 3].map((number) => runNumber(number).id)));
    await expect(cached(repository, environment(fixture.getPath("other"))), "without the cache").rejects.toThrow();
  });

  test("readers at once, with nothing cached, all get the same, and leave one segment", async () => {
    await using place = await published(runNumber(1), runNumber(2));
    const { repository, env, fixture } = place;
    const answers = await Promise.all([1, 2, 3].map(() => cached(repository, env)));
    const plain = await plainly(repository, env);
    expect(answers).toEqual([plain, plain, plain]);
    expect(segments(fixture.getPath("cache"))).toHaveLength(1);
    expect(readdirSync(dirname(segments(fixture.getPath("cache"))[0]!))).toHaveLength(1);
  });

  test("where no cache can be written the answer is the same, and nothing is left", async () => {
    await using place = await published(runNumber(1));
    const { repository, fixture } = place;
    await fixture.writeFile("file", "");
    const env = environment(fixture.getPath("file"));
    for (const _ of [1, 2]) expect(await cached(repository, env)).toEqual(await plainly(repository, env));
    expect((await fixture.readdir("")).toSorted()).toEqual(["database.git", "file"]);
  });
});

describe("a segment", () => {
  const files = [
    { path: "runs/2026/11/a.json", identity: "abc", runs: [numbersOf(runNumber(1)), numbersOf(runNumber(2))] },
  ];
  const bytes = encodeSegment(files, "this");

  test("holds what was put in, the shape of equal runs once", () => {
    const [file] = decodeSegment(bytes, "this")!;
    expect(file!.runs.map(({ values, ...run }) => ({ ...run, values: [...(values as Float64Array)] }))).toEqual(
      files[0]!.runs,
    );
    expect(file!.runs[0]!.shape).toBe(file!.runs[1]!.shape);
  });

  test("is not read by another version", () => {
    expect(decodeSegment(bytes, "other")).toBeNull();
  });

  test("with any digit of its first line changed is not read", () => {
    for (let place = 0; bytes[place] !== 0x0a; place++) {
      for (const digit of "0123456789") {
        const changed = Buffer.from(bytes);
        changed.write(digit, place);
        if (!changed.equals(bytes)) expect(decodeSegment(changed, "this")).toBeNull();
      }
    }
  });

  test("with any byte changed, or any part of it alone, is not read", () => {
    const anyPlace = fc.nat({ max: bytes.length - 1 });
    fc.assert(
      fc.property(anyPlace, fc.integer({ min: 1, max: 255 }), (place, change) => {
        const changed = Buffer.from(bytes);
        changed[place]! ^= change;
        expect(decodeSegment(changed, "this")).toBeNull();
        expect(decodeSegment(bytes.subarray(0, place), "this")).toBeNull();
      }),
    );
  });
});
