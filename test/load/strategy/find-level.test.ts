import { expect, test } from "vitest";
import type { ClientEnd, ServingLoad } from "../../../src/load/client/serving-client.ts";
import { findLevel } from "../../../src/load/strategy/find-level.ts";
import type { Strategy } from "../../../src/load/strategy/serving-cell.ts";
import type { Failure } from "../../../src/result/document/reason.ts";
import { parseTarget } from "../../../src/result/measure/objective.ts";
import { CLIENT_FAILED, LOAD, measured } from "../serving-ends.ts";

const objectives = ["e2el_ms.p99<500"].map((text) => {
  const target = parseTarget(text);
  return target.kind === "objective" ? target.objective : expect.unreachable();
});
const STRATEGY: Extract<Strategy, { kind: "find" }> = {
  kind: "find",
  find: "max-concurrency",
  plan: { integers: true, start: 8, min: 1, max: 1024, tolerance: 0.05, mostProbes: 24 },
  objectives,
  loadAt: (concurrency) => ({
    load: { kind: "closed-loop", concurrency },
    bound: { kind: "requests", count: 2 },
    warmupRequests: 2,
  }),
};
const levelOf = ({ load }: ServingLoad) => (load.kind === "closed-loop" ? load.concurrency : Number.NaN);

/** Searches an engine that ends so at a level. */
async function search(engine: (level: number) => ClientEnd, changes: Partial<typeof STRATEGY> = {}, death?: Failure) {
  const asked: { load: ServingLoad; tag: string }[] = [];
  const told: string[] = [];
  const end = await findLevel(
    LOAD,
    { ...STRATEGY, ...changes },
    {
      attempt: async (load, tag) => {
        asked.push({ load, tag });
        return engine(levelOf(load));
      },
      isGood: (one) =>
        "measurement" in one &&
        one.health?.limitedBy === undefined &&
        one.measurement.kind === "requests" &&
        one.measurement.requests.errors.every((error) => error === null),
      diagnose: async () => death,
      tell: (line) => void told.push(line),
    },
  );
  return { end, asked, told, probes: end.search!.probes };
}
const e2elOf = (end: object) =>
  (end as { measurement: { requests: { endMs: number[] } } }).measurement.requests.endMs[0];

/** Ten ms more for each request that is open. */
const linear = (level: number) => measured(10 * level);

test("finds the highest level that meets, and hands back that level's measurement", async () => {
  const { end, probes } = await search(linear);
  const met = probes.filter(({ meets }) => meets).map(({ level }) => level);
  const missed = probes.filter(({ meets }) => !meets).map(({ level }) => level);
  expect(Math.max(...met)).toBeLessThan(50);
  expect(Math.min(...missed) / Math.max(...met)).toBeLessThan(1.06);
  expect(e2elOf(end)).toBe(10 * Math.max(...met));
  expect(end.search).toMatchObject({ find: "max-concurrency", objectives: ["e2el_ms.p99<500"], tolerance: 0.05 });
});

test("shows each probe with its values", async () => {
  const { probes, told } = await search(linear);
  expect(probes.slice(0, 4)).toEqual([
    { level: 8, meets: true, values: { "e2el_ms.p99": 80 } },
    { level: 16, meets: true, values: { "e2el_ms.p99": 160 } },
    { level: 32, meets: true, values: { "e2el_ms.p99": 320 } },
    { level: 64, meets: false, values: { "e2el_ms.p99": 640 } },
  ]);
  expect(told.slice(2, 4)).toEqual([
    "concurrency 32: e2el_ms.p99 = 320 → meets",
    "concurrency 64: e2el_ms.p99 = 640 → misses",
  ]);
});

test("gives each level a name and prompts of its own, and counts all the time that went", async () => {
  const { end, asked } = await search(linear);
  expect(asked[0]!.tag).toBe("level_8");
  expect(new Set(asked.map(({ load }) => load.seed)).size).toBe(asked.length);
  expect([end.warmupSeconds, end.measuredSeconds]).toEqual([asked.length, 2 * asked.length]);
});

test("says rates in requests a second", async () => {
  const { told } = await search(() => measured(30), { find: "max-rate", plan: { ...STRATEGY.plan, max: 8 } });
  expect(told).toEqual(["8 req/s: e2el_ms.p99 = 30 → meets"]);
});

test("hands back the lowest level where none met", async () => {
  const { end, probes } = await search(() => measured(900));
  expect(probes.map(({ level }) => level)).toEqual([8, 4, 2, 1]);
  expect(probes.some(({ meets }) => meets)).toBe(false);
  expect(end).toHaveProperty("measurement");
});

test("a level whose requests failed has not met, whatever the others' latency", async () => {
  const { probes } = await search((level) => (level > 8 ? measured(10, { error: "cut_off: gone" }) : measured(10)));
  expect(probes[1]).toMatchObject({ level: 16, meets: false, detail: "requests failed" });
  expect(Math.max(...probes.filter(({ meets }) => meets).map(({ level }) => level))).toBe(8);
});

test("nor one at which the client was the limit, which is said", async () => {
  const limitedBy = ["its event loop was 99 % busy"];
  const { probes, told } = await search((level) => measured(10, level > 8 ? { limitedBy } : {}));
  expect(probes[1]).toMatchObject({ meets: false, detail: "client_limited: its event loop was 99 % busy" });
  expect(told[1]).toContain("client_limited: its event loop was 99 % busy → misses");
});

test("ends when the client fails, with the probes up to then", async () => {
  const { end, probes, asked } = await search((level) => (level > 8 ? CLIENT_FAILED : measured(10)));
  expect(end).toMatchObject({ failure: { reason: "client_failed" }, warmupSeconds: 4, measuredSeconds: 6 });
  expect([probes.length, asked.length]).toEqual([1, 2]);
});

test("ends when the engine dies under a probe: its end says so, with what that probe had", async () => {
  const death: Failure = { reason: "engine_crashed", detail: "gone" };
  const error = "cancelled: gone";
  const dying = (level: number) => measured(10 * level, level > 8 ? { error } : {});
  const { end, asked, probes } = await search(dying, {}, death);
  expect([asked.length, probes.length]).toEqual([2, 1]);
  expect(end).toMatchObject({ failure: death });
  expect(e2elOf(end)).toBe(160);
});

test("goes on below a level whose requests failed, as long as the engine lives", async () => {
  const { probes } = await search((level) => measured(10 * level, level > 8 ? { error: "http_503: busy" } : {}));
  expect(probes.slice(0, 3).map(({ level, meets }) => [level, meets])).toEqual([
    [8, true],
    [16, false],
    [11, false],
  ]);
});
