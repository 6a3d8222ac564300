import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Run, type RunCell } from "../../src/result/document/run.ts";
import { json, pitwall, processesIn } from "./pitwall.ts";

const venv = inject("venv");
const model = join(venv, "tiny-llama");
const ENGINE_ARGS = "--load-format dummy --enforce-eager --max-model-len 1024 --max-num-seqs 16";
const SMALL = [
  "--batch-sizes",
  "1,2,4",
  "--input-len",
  "64",
  "--output-len",
  "16",
  "--warmup",
  "1",
  "--iterations",
  "3",
];
const SERVING = ["--pairs", "64:16,100:20", "--request-rate", "4", "--num-prompts", "12"];
const engine = (...more: string[]) => [
  "run",
  "--engine",
  "vllm",
  "--model",
  model,
  "--port",
  "0",
  "--engine-args",
  ENGINE_ARGS,
  ...more,
];

const okMetrics = (cell: RunCell) => {
  if (cell.status !== "ok") throw new Error(`${cell.id} is ${cell.status}: ${cell.reason}: ${cell.detail}`);
  return cell.metrics;
};

describe("a whole run on real vLLM", async () => {
  let folder: Awaited<ReturnType<typeof createFixture>>;
  let run: Run;
  let exitCode: number | null;

  beforeAll(async () => {
    folder = await createFixture({});
    const started = pitwall(venv, folder.path, ...engine(...SMALL, ...SERVING, "--skip-site"));
    ({ exitCode } = await started.ended);
    run = Run.parse(json(folder.getPath(".pitwall/out/run.json")));
  });
  afterAll(() => folder.rm());

  test("every cell is ok and the exit code 0", () => {
    expect(run.cells.map(({ id, status }) => [id, status])).toEqual([
      ["latency-sweep/in_64_out_16_bs_1", "ok"],
      ["latency-sweep/in_64_out_16_bs_2", "ok"],
      ["latency-sweep/in_64_out_16_bs_4", "ok"],
      ["serve-benchmark/in_64_out_16_rate_4", "ok"],
      ["serve-benchmark/in_100_out_20_rate_4", "ok"],
    ]);
    expect(exitCode).toBe(0);
  });

  test("counts are what was asked, and percentiles are there and in order", () => {
    for (const cell of run.cells) {
      const metrics = okMetrics(cell);
      const serving = cell.benchmark === "serve-benchmark";
      if (serving) expect(metrics).toMatchObject({ completed: 12, failed: 0 });
      const distributions = serving
        ? [metrics.ttft_ms, metrics.tpot_ms, metrics.itl_ms, metrics.e2el_ms]
        : [metrics.latency_s];
      for (const distribution of distributions) {
        const { p10, p25, p50, p75, p90, p99 } = distribution!;
        const ladder = [p10!, p25!, p50!, p75!, p90!, p99!, distribution!["p99.9"]!];
        // On a busy machine two tokens, or all of a short answer, can be sent in one go: a gap of 0.
        const isOfGaps = distribution === metrics.itl_ms || distribution === metrics.tpot_ms;
        const least = isOfGaps ? 0 : Number.MIN_VALUE;
        expect(ladder.filter((value) => !(Number.isFinite(value) && value >= least))).toEqual([]);
        expect(ladder).toEqual(ladder.toSorted((a, b) => a - b));
        expect(distribution!.count).toBeGreaterThanOrEqual(serving ? 12 : 3);
      }
    }
  });

  test("token counts are what was asked, as the engine counted them", () => {
    const batch = json(folder.getPath(".pitwall/out/cells/latency-sweep/in_64_out_16_bs_4.json"));
    expect(batch.measurement).toMatchObject({ inputTokens: Array(4).fill(64), outputTokens: Array(4).fill(16) });
    const serving = json(folder.getPath(".pitwall/out/cells/serve-benchmark/in_100_out_20_rate_4.json"));
    expect(serving.measurement.requests).toMatchObject({
      inputTokens: Array(12).fill(100),
      outputTokens: Array(12).fill(20),
    });
  });

  test("the offline engine got exactly the parameters that the document records", () => {
    const events = readFileSync(folder.getPath(".pitwall/out/raw/latency-sweep-events.jsonl"), "utf8")
      .trim()
      .split("\n");
    const [{ engineArgs }, { sampling }] = events.map((line) => JSON.parse(line)) as [
      { engineArgs: object },
      { sampling: object },
    ];
    expect(engineArgs).toMatchObject({
      model,
      max_model_len: 1024,
      max_num_seqs: 16,
      enforce_eager: true,
      load_format: "dummy",
    });
    const { params } = run.cells[0]!;
    expect(engineArgs).toMatchObject({ enable_prefix_caching: params.prefixCaching });
    expect(sampling).toMatchObject({
      temperature: params.temperature,
      top_p: params.topP,
      max_tokens: params.outputLen,
      detokenize: params.detokenize,
      ignore_eos: true,
    });
  });

  test("the server got exactly the arguments that the document records", () => {
    const log = readFileSync(folder.getPath(".pitwall/out/logs/engine.log"), "utf8");
    const printed = /non-default args: \{(.*)\}/.exec(log)?.[1];
    expect(printed).toContain("'max_model_len': 1024");
    expect(printed).toContain("'max_num_seqs': 16");
    expect(printed).toContain("'enforce_eager': True");
    expect(printed).toContain("'load_format': 'dummy'");
    expect(run.engine).toMatchObject({ kind: "vllm", args: ENGINE_ARGS.split(" ") });
    expect(run.engine.version).toMatch(/^0\.32\.0/);
    expect(run.simulated).toBe(false);
  });

  test("vLLM-shaped latency files are there", () => {
    const file = json(folder.getPath(".pitwall/out/raw/latency_bs2.json"));
    expect(file.latencies).toHaveLength(3);
    expect(Object.keys(file.percentiles)).toEqual(["10", "25", "50", "75", "90", "99"]);
  });

  test("time is accounted for, and nothing of the engine is left", () => {
    const { engineStartSeconds, measuredSeconds } = run.time!;
    const started = ["engine.json", "engine-offline.json"].map((name) => json(folder.getPath(".pitwall/out", name)));
    expect(engineStartSeconds).toBeCloseTo(started[0].secondsToReady + started[1].secondsToReady, 2);
    expect(measuredSeconds).toBeGreaterThan(0);
    expect(processesIn(folder.path)).toEqual([]);
  });
});

test("the official client writes the same cells", async () => {
  await using folder = await createFixture({});
  const args = [
    "--skip-site",
    "--batch-sizes",
    "1",
    "--input-len",
    "16",
    "--output-len",
    "4",
    "--warmup",
    "0",
    "--iterations",
    "1",
  ];
  const serving = [
    "--mode",
    "server",
    "--client",
    "vllm",
    "--pairs",
    "64:16",
    "--request-rate",
    "4",
    "--num-prompts",
    "12",
  ];
  const { exitCode, stderr } = await pitwall(venv, folder.path, ...engine(...args, ...serving)).ended;
  const run = Run.parse(json(folder.getPath(".pitwall/out/run.json")));
  expect(
    run.cells.map(({ id, status }) => [id, status]),
    stderr,
  ).toEqual([
    ["latency-sweep/in_16_out_4_bs_1", "ok"],
    ["serve-benchmark/in_64_out_16_rate_4", "ok"],
  ]);
  expect(okMetrics(run.cells[1]!)).toMatchObject({ completed: 12, ttft_ms: { p50: expect.any(Number) } });
  expect(exitCode).toBe(0);
});
