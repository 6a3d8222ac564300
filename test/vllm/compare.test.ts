import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFixture, type FsFixture } from "fs-fixture";
import { describe, expect, inject, test } from "vitest";
import { LiveComparison } from "../../src/arms/live-comparison.ts";
import { Run } from "../../src/result/document/run.ts";
import { json, pitwall, processesIn } from "./pitwall.ts";

const venv = inject("venv");
const program = join(venv, "bin", "vllm");
const CORE = "vllm/v1/engine/core.py";

const packages = execFileSync(
  join(venv, "bin", "python"),
  ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
  {
    encoding: "utf8",
  },
).trim();
const core = readFileSync(join(packages, CORE), "utf8");

/** A patch of the engine's loop, as git makes it. */
async function patchOf(change: (source: string) => string): Promise<string> {
  await using folder = await createFixture({});
  for (const side of ["a", "b"]) {
    mkdirSync(dirname(folder.getPath(side, CORE)), { recursive: true });
    writeFileSync(folder.getPath(side, CORE), side === "a" ? core : change(core));
  }
  const diff = ["diff", "--no-index", "--no-prefix", "a", "b"];
  try {
    return execFileSync("git", diff, { cwd: folder.path, encoding: "utf8" });
  } catch (error) {
    // It ends with 1 where there are differences.
    return (error as { stdout: string }).stdout;
  }
}

/** A line of its own in each step of the engine. */
const inLoop = (line: string) =>
  patchOf((source) => source.replaceAll(/^( +)(scheduler_output = self\.scheduler\.schedule\()/gm, `$1${line}\n$1$2`));

const COMPARE = [
  ...["compare", "--live", "--arms", "arms.json", "--engine", "vllm", "--port", "0", "--quiet-wait", "0"],
  ...["--model", join(venv, "tiny-llama"), "--benchmarks", "serve-benchmark", "--pairs", "32:64", "--concurrency", "1"],
  ...["--num-prompts", "12", "--warmup-requests", "2", "--client-limits", "off"],
  ...["--engine-args", "--load-format dummy --enforce-eager --max-model-len 1024 --max-num-seqs 16"],
];
const out = (folder: FsFixture, name: string) => folder.getPath(".pitwall/compare", name);

async function compare(folder: FsFixture, patches: Record<string, string>, ...more: string[]) {
  const arms = [
    { name: "base", program },
    ...Object.keys(patches).map((name) => ({ name, program: venv, patch: `${name}.patch` })),
  ];
  writeFileSync(folder.getPath("arms.json"), JSON.stringify({ arms }));
  for (const [name, patch] of Object.entries(patches)) writeFileSync(folder.getPath(`${name}.patch`), patch);
  const ended = await pitwall(venv, folder.path, ...COMPARE, ...more).ended;
  expect(processesIn(folder.path)).toEqual([]);
  expect(existsSync(out(folder, "overlays"))).toBe(false);
  return { ...ended, comparison: LiveComparison.parse(json(out(folder, "comparison.json"))) };
}

describe("patches on real vLLM", () => {
  test("each comes to its own end, and the package that they are put onto is as it was", async () => {
    await using folder = await createFixture({});
    const patches = {
      sleeps: await inLoop("time.sleep(0.002)"),
      idle: await patchOf((source) => `${source}\n# Changes nothing.\n`),
      stale: (await inLoop("time.sleep(0.002)")).replaceAll(/^ .*scheduler_output.*$/gm, " elsewhere"),
      empty: "",
      unimportable: await patchOf((source) => `raise ImportError("no such thing")\n${source}`),
      crashing: await inLoop('self.steps = getattr(self, "steps", 0) + 1; assert self.steps < 300, "crash in mid-run"'),
    };
    const { exitCode, stderr, comparison } = await compare(folder, patches, "--max-blocks", "1");
    expect(exitCode, stderr).toBe(0);
    expect(Object.fromEntries(comparison.arms.map(({ name, failure }) => [name, failure?.reason]))).toEqual({
      ...{ base: undefined, sleeps: undefined, idle: undefined, stale: "patch_failed", empty: "no_patch" },
      ...{ unimportable: "engine_crashed", crashing: "engine_crashed" },
    });
    expect(comparison.arms.flatMap(({ failure }) => failure?.whose ?? [])).toEqual(Array(4).fill("patch"));
    // One block decides nothing, and on a busy machine not even the direction.
    for (const name of ["sleeps", "idle"]) {
      const latency = comparison.comparisons.find(({ arm, metric }) => arm === name && metric === "e2el_ms")!;
      expect(latency).toMatchObject({ blocks: 1, ratio: expect.any(Number) });
    }
    expect(readFileSync(join(packages, CORE), "utf8")).toBe(core);
    expect(Run.parse(json(out(folder, "run.json"))).engine.kind).toBe("vllm");
  }, 1_800_000);
});
