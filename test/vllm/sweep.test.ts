import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, inject, test } from "vitest";
import { Cell } from "../../src/result/document/cell.ts";
import { readCells } from "../../src/working-folder/cells.ts";
import { CPU_ENVIRONMENT, json, pitwall, processesIn } from "./pitwall.ts";

const venv = inject("venv");
const model = join(venv, "tiny-llama");
const ENGINE_ARGS = "--load-format dummy --enforce-eager --max-model-len 1024 --max-num-seqs 16";
const flags = (given: Record<string, string>) =>
  Object.entries(given).flatMap(([name, value]) => (value === "" ? [`--${name}`] : [`--${name}`, value]));
const GRID = flags({
  "batch-sizes": "1,2",
  "input-len": "16,64",
  "output-len": "4,8",
  warmup: "1",
  iterations: "2",
});
const offline = (over: Record<string, string> = {}) => [
  "latency-sweep",
  ...flags({ mode: "offline", model, "engine-args": ENGINE_ARGS, ...over }),
];
const OUT = ".pitwall/out";
const IDS = [16, 64].flatMap((input) =>
  [4, 8].flatMap((output) => [1, 2].map((batch) => `latency-sweep/in_${input}_out_${output}_bs_${batch}`)),
);

/** The names of all that is nested in a value, without the values. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length > 0 ? [shapeOf(value[0])] : [];
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, nested]) => [key, shapeOf(nested)]));
};

test("a sweep over batch sizes and lengths is one engine that samples as vllm bench latency does", async () => {
  await using folder = await createFixture({});
  const { exitCode, stderr } = await pitwall(venv, folder.path, ...offline(), ...GRID).ended;
  expect(exitCode, stderr).toBe(0);
  const cells = await readCells(folder.getPath(OUT));
  expect(cells.map(({ id, status }) => [id, status])).toEqual(IDS.map((id) => [id, "measured"]));
  const events = readFileSync(folder.getPath(OUT, "raw/latency-sweep-events.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.filter(({ event }) => event === "engine")).toHaveLength(1);
  const source = readFileSync(join(sitePackages(), "vllm/benchmarks/latency.py"), "utf8");
  expect(source).toMatch(/n=args\.n,\s+temperature=1\.0,\s+top_p=1\.0,\s+ignore_eos=True/);
  for (const { sampling } of events.filter(({ event }) => event === "size_started")) {
    expect(sampling).toMatchObject({ n: 1, temperature: 1, top_p: 1, ignore_eos: true, detokenize: true });
  }
  const theirs = vllmsOwnRecords()[0];
  const record = json(folder.getPath(OUT, "raw/latency_bs2_in_64_out_8.pytorch.json"))[0];
  expect(record.metric.name).toBe(theirs.metric.name);
  expect(shapeOf({ ...record, benchmark: { ...record.benchmark, extra_info: 0 } })).toEqual(
    shapeOf({ ...theirs, benchmark: { ...theirs.benchmark, extra_info: 0 } }),
  );
  expect(Object.keys(record.benchmark.extra_info)).toEqual(Object.keys(theirs.benchmark.extra_info));
});

const sitePackages = () =>
  execFileSync(join(venv, "bin/python"), ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], {
    encoding: "utf8",
  }).trim();

/** What vLLM's own code makes of such a result. */
function vllmsOwnRecords() {
  const code = `
import argparse, json, runpy
utils = runpy.run_path("${sitePackages()}/vllm/benchmarks/lib/utils.py")
args = argparse.Namespace(model="m", output_json="latency.json", tensor_parallel_size=1)
info = {"avg_latency": 1.0, "percentiles": {10: 1.0, 25: 1.0, 50: 1.0, 75: 1.0, 90: 1.0, 99: 1.0}}
print(json.dumps(utils["convert_to_pytorch_benchmark_format"](args, {"latency": [1.0, 1.0]}, info)))`;
  const env = { ...process.env, ...CPU_ENVIRONMENT, SAVE_TO_PYTORCH_BENCHMARK_FORMAT: "1" };
  return JSON.parse(execFileSync(join(venv, "bin/python"), ["-c", code], { encoding: "utf8", env }));
}

test("a beam search is measured, recorded as such, and profiled", async () => {
  await using folder = await createFixture({});
  const small = { "batch-sizes": "2", "input-len": "16", "output-len": "4", warmup: "0", iterations: "1" };
  const beams = { ...small, n: "2", "use-beam-search": "", profile: "" };
  const first = await pitwall(venv, folder.path, ...offline(beams)).ended;
  expect(first.exitCode, first.stderr).toBe(0);
  const [beam] = await readCells(folder.getPath(OUT));
  expect(beam).toMatchObject({
    id: "latency-sweep/in_16_out_4_bs_2_beam_2",
    params: { n: 2, temperature: 0, beamSearch: true, profile: true },
    measurement: { inputTokens: [16, 16], outputTokens: [8, 8] },
  });
  const traces = execFileSync("ls", [folder.getPath(OUT, "raw/profile")], { encoding: "utf8" });
  expect(traces).toMatch(/in_16_out_4_bs_2_beam_2.*\.pt\.trace\.json/);
});

describe("server mode", () => {
  test("measures the same cells as the offline engine, beams too", async () => {
    await using folder = await createFixture({});
    const start = ["start-engine", ...flags({ engine: "vllm", model, port: "0", "engine-args": ENGINE_ARGS })];
    const started = await pitwall(venv, folder.path, ...start).ended;
    expect(started.exitCode, started.stderr).toBe(0);
    try {
      const { exitCode, stderr } = await pitwall(venv, folder.path, "latency-sweep", ...GRID).ended;
      expect(exitCode, stderr).toBe(0);
      const cells = await readCells(folder.getPath(OUT));
      expect(cells.map(({ id, params }) => [id, params.mode])).toEqual(IDS.map((id) => [id, "server"]));
      const asked = { "batch-sizes": "2", "input-len": "16", "output-len": "4", warmup: "0", iterations: "1", n: "2" };
      const beams = flags({ ...asked, "use-beam-search": "" });
      const second = await pitwall(venv, folder.path, "latency-sweep", ...beams).ended;
      expect(second.exitCode, second.stderr).toBe(0);
      const added = (await readCells(folder.getPath(OUT))).filter(({ id }) => !IDS.includes(id));
      expect(added).toMatchObject([
        { id: "latency-sweep/in_16_out_4_bs_2_beam_2", measurement: { outputTokens: [8, 8] } },
      ]);
    } finally {
      await pitwall(venv, folder.path, "start-engine", "--stop").ended;
    }
    expect(processesIn(folder.path)).toEqual([]);
  });
});

test.each([
  ["an impossible flag", { "engine-args": "--no-such-flag" }, /does not know the argument --no-such-flag/],
  ["a missing folder", { model: "/nowhere/model" }, /there is no model at \/nowhere\/model; check --model/],
  ["a model that is not in the cache", { model: "nobody/nothing" }, /not.*in the Hugging Face cache|was not found/],
])("%s fails the cells with its class, and nothing is left", async (_, over, detail) => {
  await using folder = await createFixture({});
  const { exitCode } = await pitwall(venv, folder.path, ...offline(over), "--batch-sizes", "1").ended;
  expect(exitCode).toBe(1);
  const cell = Cell.parse(json(folder.getPath(OUT, "cells/latency-sweep/in_512_out_128_bs_1.json")));
  expect(cell).toMatchObject({ status: "failed", detail: expect.stringMatching(detail) });
  expect(processesIn(folder.path)).toEqual([]);
});

test("a context that one of the lengths does not fit fails the cells before the engine starts", async () => {
  await using folder = await createFixture({});
  const lengths = flags({ "batch-sizes": "1", "input-len": "16,1000", "output-len": "8,64" });
  const { exitCode } = await pitwall(venv, folder.path, ...offline(), ...lengths).ended;
  expect(exitCode).toBe(1);
  const detail = "input 1000 + output 64 = 1064 tokens do not fit into the engine's context of 1024";
  const failure = { status: "failed", reason: "environment", detail: expect.stringContaining(detail) };
  expect(await readCells(folder.getPath(OUT))).toMatchObject([failure, failure, failure, failure]);
  expect(readFileSync(folder.getPath(OUT, "raw/latency-sweep-events.jsonl"), "utf8")).not.toMatch('"engine"');
});

test("a context that the KV cache has no room for is shrunk to the length that vLLM names", async () => {
  await using folder = await createFixture({ "long.sh": "export VLLM_ALLOW_LONG_MAX_MODEL_LEN=1\n" });
  const engine = { "engine-args": ENGINE_ARGS.replace("1024", "3000000"), "env-script": "./long.sh" };
  const small = { "batch-sizes": "1", "input-len": "16", "output-len": "4", warmup: "0", iterations: "1" };
  const args = offline({ ...engine, ...small, "on-oom": "shrink" });
  const { exitCode, stderr } = await pitwall(venv, folder.path, ...args).ended;
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain("(--on-oom shrink)");
  const { shrunk, maxModelLen } = json(folder.getPath(OUT, "engine-offline.json"));
  expect(shrunk).toEqual({ from: 3_000_000, to: maxModelLen });
  expect(maxModelLen).toBeLessThan(3_000_000);
});
