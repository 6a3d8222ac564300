import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, inject, test } from "vitest";
import { runCommand } from "../../src/machine/command.ts";
import { readThroughputFile } from "../../src/result/vllm/result.ts";
import { readCells } from "../../src/working-folder/cells.ts";
import { CPU_ENVIRONMENT, json, pitwall, processesIn } from "./pitwall.ts";

const venv = inject("venv");
const model = join(venv, "tiny-llama");
const ENGINE_ARGS = "--load-format dummy --enforce-eager --max-model-len 1024 --max-num-seqs 16";
const [PROMPTS, INPUT, OUTPUT, WARMUP] = [128, 64, 16, 8];
const OUT = ".pitwall/out";

/** `vllm bench throughput` with the same settings, prefix caching off as ours has it. */
async function theirs(folder: string): Promise<string> {
  const file = join(folder, "theirs.json");
  const settings = `--dataset-name random --random-input-len ${INPUT} --random-output-len ${OUTPUT} --num-prompts ${PROMPTS} --num-warmups ${WARMUP}`;
  const args = `bench throughput --model ${model} ${settings} ${ENGINE_ARGS} --no-enable-prefix-caching --output-json ${file}`;
  const env = { ...process.env, ...CPU_ENVIRONMENT, SAVE_TO_PYTORCH_BENCHMARK_FORMAT: "1" };
  const { exitCode, stderr } = await runCommand(join(venv, "bin", "vllm"), args.split(" "), { env });
  expect(exitCode, stderr).toBe(0);
  return file;
}

/** What the records of a list are called and have; arguments and files differ by what a tool is told. */
const shapeOf = (records: { benchmark: { extra_info: object }; metric: { extra_info: object; name: string } }[]) =>
  records.map(({ benchmark, metric, ...rest }) => [
    ...[Object.keys(rest), Object.keys(benchmark.extra_info)],
    ...[Object.keys(metric), metric.name, Object.keys(metric.extra_info)],
  ]);

test("throughput is that of vllm bench throughput, of the engine of the sweep, in files of the same shape", async () => {
  await using folder = await createFixture({});
  const sweep = `--batch-sizes 1 --warmup 0 --iterations 1 --input-len ${INPUT} --output-len ${OUTPUT}`;
  const asked = `--throughput-prompts 16,${PROMPTS} --warmup-requests ${WARMUP} --repeats 3`;
  const args = `run --skip-site --benchmarks latency-sweep,throughput-benchmark --engine vllm --model ${model} ${sweep} ${asked}`;
  const { exitCode, stderr } = await pitwall(venv, folder.path, ...args.split(" "), "--engine-args", ENGINE_ARGS).ended;
  expect(exitCode, stderr).toBe(0);
  const cells = await readCells(folder.getPath(OUT));
  expect(cells.map(({ id }) => id)).toEqual([
    "latency-sweep/in_64_out_16_bs_1",
    ...[16, PROMPTS].map((count) => `throughput-benchmark/in_64_out_16_prompts_${count}`),
  ]);
  const batch = { kind: "batch", inputTokens: Array(PROMPTS).fill(INPUT), outputTokens: Array(PROMPTS).fill(OUTPUT) };
  expect(cells[2]).toMatchObject({ status: "measured", measurement: { repeats: [batch, batch, batch] } });
  expect(json(folder.getPath(OUT, "engine-offline.json")).startPhases).toMatchObject({
    initSeconds: expect.any(Number),
  });
  expect(readdirSync(folder.getPath(OUT, "logs"))).toEqual(["latency-sweep.log"]);
  expect(processesIn(folder.path)).toEqual([]);

  const theirFile = await theirs(folder.path);
  const ours = [1, 2, 3].map((n) => folder.getPath(OUT, `raw/throughput_in_64_out_16_prompts_128_repeat_${n}.json`));
  const rates = ours.map((file) => json(file).requests_per_second as number).toSorted((a, b) => a - b);
  const their = json(theirFile);
  expect(Object.keys(json(ours[0]!))).toEqual(Object.keys(their));
  // Broad: both are of a second on a machine that others use. Wrong counts or seconds would be further off.
  const ratio = rates[1]! / their.requests_per_second;
  console.log(`throughput beside vllm bench throughput: ${ratio.toFixed(3)} times its requests a second`);
  expect(ratio).toBeGreaterThan(1 / 3);
  expect(ratio).toBeLessThan(3);
  const records = [ours[0]!, theirFile].map((file) => json(file.replace(/json$/, "pytorch.json")));
  expect(shapeOf(records[0])).toEqual(shapeOf(records[1]));
  expect(readThroughputFile(JSON.stringify(their), "theirs")).toMatchObject({ numRequests: PROMPTS });
});
