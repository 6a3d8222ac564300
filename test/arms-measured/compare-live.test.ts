import { existsSync, readdirSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { LiveComparison } from "../../src/arms/live-comparison.ts";
import { Run } from "../../src/result/document/run.ts";
import { pitwall, startPitwall } from "../support/cli.ts";

/** Paced so evenly that a few blocks decide. */
const paced = (ttft: number, itl: number) => `--fixed-ttft ${ttft} --fixed-itl ${itl}`;
const armsFile = (...arms: object[]) => JSON.stringify({ arms });
const base = { name: "base", engine: "simulated", engineArgs: paced(60, 6) };
const slow = { name: "slow", engine: "simulated", engineArgs: paced(120, 12) };

const LOAD = [
  ...["--model", "sim/tiny", "--benchmarks", "serve-benchmark", "--pairs", "16:8", "--concurrency", "2"],
  ...["--num-prompts", "8", "--warmup-requests", "2", "--quiet-wait", "0", "--poll-interval", "0.05"],
];
const COMPARE = ["compare", "--live", "--arms", "arms.json", ...LOAD];
const CELL = "serve-benchmark/in_16_out_8_concurrency_2";

const out = (folder: FsFixture, name: string) => folder.getPath(".pitwall/compare", name);
const comparison = async (folder: FsFixture) =>
  LiveComparison.parse(JSON.parse(await readFile(out(folder, "comparison.json"), "utf8")));

describe("two builds with a known ratio", () => {
  test("are measured in blocks until the slower one has lost, which stays so with more blocks, and the run document holds the ratios", async () => {
    await using folder = await createFixture({ "arms.json": armsFile(base, slow) });
    const { exitCode, stdout, stderr } = await pitwall([...COMPARE, "--max-blocks", "3", "--json"], folder.path);
    expect(stderr).not.toContain("error:");
    expect(exitCode).toBe(0);
    const { comparisons, loses } = JSON.parse(stdout);
    expect(comparisons).toHaveLength(4);
    const tpot = comparisons.find(({ metric }: { metric: string }) => metric === "tpot_ms");
    expect(tpot).toMatchObject({ arm: "slow", cell: CELL, state: "loses" });
    expect(tpot.ratio).toBeGreaterThan(1.7);
    expect(tpot.ratio).toBeLessThan(2.3);
    expect(loses).toContain(`slow ${CELL} tpot_ms`);
    expect(readdirSync(out(folder, "blocks/1")).toSorted()).toEqual(["1-base", "2-slow", "3-slow", "4-base"]);
    expect(readdirSync(out(folder, "blocks/2"))[0]).toBe("1-slow");
    const run = Run.parse(JSON.parse(await readFile(out(folder, "run.json"), "utf8")));
    expect(run).toMatchObject({ simulated: true, engine: { kind: "simulated" } });
    const cell = run.cells.find(({ id }) => id === "compare/slow_serve-benchmark_in_16_out_8_concurrency_2_tpot_ms");
    expect(cell).toMatchObject({ status: "ok", metrics: { ratio: tpot.ratio, blocks: tpot.blocks } });
    const published = await pitwall(["publish", "--run", out(folder, "run.json"), "--database", "db.git"], folder.path);
    expect(published.exitCode, published.stderr).toBe(0);
    const more = await pitwall([...COMPARE, "--max-blocks", "4", "--json"], folder.path);
    expect(more.stderr).toContain("Block 1, 1 of 4: base: measured before, kept");
    expect(JSON.parse(more.stdout).loses).toEqual(expect.arrayContaining(loses));
    expect(JSON.parse(more.stdout).budgets).toEqual([
      { from: 0, maxBlocks: 3 },
      { from: JSON.parse(stdout).blocks, maxBlocks: 4 },
    ]);
  });

  test("fail the command where it is told so, and the base beside itself is told apart", async () => {
    await using folder = await createFixture({ "arms.json": armsFile(base, slow) });
    const more = ["--max-blocks", "1", "--null", "--fail-on", "loses,undecided"];
    const { exitCode, stdout } = await pitwall([...COMPARE, ...more], folder.path);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/the base beside itself: \d false alarms? in 4 comparisons/);
    const { nullArm, arms } = await comparison(folder);
    expect(nullArm!.comparisons).toBe(4);
    expect(arms.map(({ name }) => name)).toEqual(["base", "slow", "null"]);
  });
});

describe("a comparison that was ended", () => {
  test.each(["SIGTERM", "SIGKILL"] as const)("by %s goes on where it was, with the same command", async (signal) => {
    await using folder = await createFixture({ "arms.json": armsFile(base, slow) });
    const first = startPitwall([...COMPARE, "--max-blocks", "1"], folder.path);
    while (!existsSync(out(folder, "blocks/1/2-slow/engine.json"))) await sleep(20);
    const { pid } = JSON.parse(await readFile(out(folder, "blocks/1/2-slow/engine.json"), "utf8"));
    first.child.kill(signal);
    const { exitCode } = await first.ended;
    expect(exitCode).not.toBe(0);
    const kept = await stat(out(folder, "blocks/1/1-base/run.json"));
    const { stderr } = await pitwall([...COMPARE, "--max-blocks", "1"], folder.path);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(stderr).toContain("Block 1, 1 of 4: base: measured before, kept");
    expect((await stat(out(folder, "blocks/1/1-base/run.json"))).mtimeMs).toBe(kept.mtimeMs);
    expect(await comparison(folder)).toMatchObject({ blocks: 1 });
  });

  test("measures anew what was measured with other inputs", async () => {
    await using folder = await createFixture({ "arms.json": armsFile(base, slow) });
    await pitwall([...COMPARE, "--max-blocks", "1"], folder.path);
    const { stderr } = await pitwall([...COMPARE, "--max-blocks", "1", "--seed", "1"], folder.path);
    expect(stderr).not.toContain("kept");
  });
});

describe("an arm that fails", () => {
  test("is tried twice and left out; the others go on", async () => {
    const broken = { name: "broken", engine: "simulated", engineArgs: "--oom-at-start" };
    await using folder = await createFixture({ "arms.json": armsFile(base, broken, slow) });
    const { exitCode, stderr } = await pitwall([...COMPARE, "--max-blocks", "1"], folder.path);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("once more");
    const { comparisons, arms } = await comparison(folder);
    expect(arms).toMatchObject([
      { name: "base", measurements: 2 },
      { name: "broken", measurements: 0, failure: { reason: "out_of_memory", whose: "environment" } },
      { name: "slow", measurements: 2 },
    ]);
    const states = comparisons.filter(({ arm }) => arm === "broken").map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(["arm_failed"]));
  });

  test("as the base leaves nothing to compare, and fails the command", async () => {
    const broken = { ...base, engineArgs: "--oom-at-start" };
    await using folder = await createFixture({ "arms.json": armsFile(broken, slow) });
    const { exitCode } = await pitwall([...COMPARE, "--max-blocks", "1"], folder.path);
    expect(exitCode).toBe(1);
    const { end, comparisons } = await comparison(folder);
    expect(end).toBe("nothing_left");
    expect(comparisons[0]!.detail).toContain("the base has no numbers: out_of_memory");
  });
});

test("an arm without memory for its context gives its smaller one to all", async () => {
  const small = { name: "small", engine: "simulated", engineArgs: `${paced(60, 6)} --kv-cache-tokens 1024` };
  await using folder = await createFixture({ "arms.json": armsFile(base, small) });
  const { exitCode, stderr } = await pitwall([...COMPARE, "--max-blocks", "1", "--on-oom", "shrink"], folder.path);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain("small had no memory for its context: all arms are measured anew with --max-model-len 1024");
  const { shrunk, comparisons } = await comparison(folder);
  expect(shrunk).toEqual({ arm: "small", from: null, to: 1024 });
  expect(comparisons.map(({ state }) => state)).not.toContain("invalid");
  const run = JSON.parse(await readFile(out(folder, "blocks/1/1-base/run.json"), "utf8"));
  expect(run.engine.args.join(" ")).toContain("--max-model-len 1024");
});

describe("a command that cannot be", () => {
  test.each([
    [[], "name two sides of the history, as in compare main v0.33.0, or measure builds now"],
    [["a", "--live", "--arms", "arms.json"], "takes no runs like “a”"],
    [["--live"], "--live needs --arms FILE"],
    [["--live", "--arms", "arms.json", "--max-blocks", "0"], "--max-blocks: must be 1 or more"],
    [["--live", "--arms", "arms.json", "--max-gpu-minutes", "0"], "--max-gpu-minutes: must be more than 0"],
    [["--live", "--arms", "arms.json", "--margin", "2"], "--margin: must be a share above 0 and below 1"],
  ])("%j is refused with what to do", async (words, message) => {
    await using folder = await createFixture({ "arms.json": armsFile(base, slow) });
    const { exitCode, stderr } = await pitwall(["compare", ...words], folder.path);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(folder.getPath(".pitwall"))).toBe(false);
  });
});
