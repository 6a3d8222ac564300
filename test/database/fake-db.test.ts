import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { readDatabase } from "../../src/database/read/read.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { filesIn } from "../support/folder-content.ts";

const fakeDb = join(PACKAGE_ROOT, "fake_db");

test("fake_db is what the script makes; if not: npm run fake-db", async () => {
  await using fixture = await createFixture();
  const made = fixture.getPath("made");
  execFileSync(process.execPath, [join(PACKAGE_ROOT, "scripts/make-fake-db.ts"), made]);
  expect(filesIn(made)).toEqual(filesIn(fakeDb));
});

test("fake_db reads as a good data branch of real and simulated runs, with a crash, a cancelled run and less than 1 MB", async () => {
  const { runs } = await readDatabase(fakeDb);
  const real = runs.filter(({ simulated }) => !simulated);
  const nights = runs.filter(({ simulated }) => simulated);
  expect(real.map(({ source }) => source?.file)).toEqual([
    ...Array(16).fill("data.json"),
    ...Array(3).fill("e2e_benchmark_data.json"),
    "max_concurrency_benchmark_data.json",
  ]);
  expect(nights.map(({ engine, host }) => `${engine.kind} on ${host.label}`)).toEqual(
    Array(20).fill("simulated on sim-1"),
  );
  expect(nights.filter(({ outcome }) => outcome === "cancelled")).toHaveLength(1);
  const [crashed] = nights.filter(({ outcome }) => outcome === "failed");
  const cell = crashed?.cells.find(({ status }) => status === "failed");
  expect(cell).toMatchObject({ reason: "engine_crashed", logTail: expect.stringContaining("simulated crash") });
  const bytes = [...filesIn(fakeDb).values()].reduce((sum, text) => sum + text.length, 0);
  expect(bytes).toBeLessThan(1_000_000);
});

test("the last eight nights measured starts and throughput too, and every night tells of GPU and phases", async () => {
  const nights = (await readDatabase(fakeDb)).runs.filter(({ simulated }) => simulated);
  const more = nights.map(({ cells }) => cells.filter(({ id }) => /^(startup|throughput)-benchmark\//.test(id)));
  expect(more.map(({ length }) => length)).toEqual([...Array(12).fill(0), ...Array(8).fill(3)]);
  expect(nights.every(({ host, engine }) => host.gpus?.length === 1 && engine.startPhases !== undefined)).toBe(true);
});

test("the last nights of fake_db are slower than every night before", async () => {
  const { runs } = await readDatabase(fakeDb);
  const medians = runs
    .filter(({ simulated }) => simulated)
    .flatMap(({ cells }) => cells.filter(({ id }) => id === "latency-sweep/in_512_out_128_bs_1"))
    .flatMap((cell) => (cell.status === "ok" ? (cell.metrics.latency_s?.p50 ?? []) : []));
  expect(medians).toHaveLength(20);
  expect(Math.min(...medians.slice(-4))).toBeGreaterThan(1.1 * Math.max(...medians.slice(0, -4)));
});
