import { vllmLatencyFile } from "../result/vllm/latency-file.ts";
import type { SweepCell, SweepPlan } from "./sweep.ts";

/** What a record says of the engine. */
export interface RecordedEngine {
  model: string;
  args: readonly string[];
  tensorParallel: number;
}

/**
 * The records of one cell in the format of PyTorch's benchmark database, as vLLM writes them beside its own results
 * (`convert_to_pytorch_benchmark_format`): one a metric. Latencies in seconds. Empty text: not known outside vLLM.
 */
export function pytorchRecords(engine: RecordedEngine, cell: SweepCell, plan: SweepPlan, latenciesS: number[]) {
  const { avg_latency, percentiles } = vllmLatencyFile(latenciesS);
  const { n, detokenize, beamSearch } = cell.sampling;
  const args = {
    input_len: cell.inputLen,
    output_len: cell.outputLen,
    batch_size: cell.batchSize,
    n,
    use_beam_search: beamSearch,
    num_iters_warmup: plan.warmup,
    num_iters: plan.iterations,
    disable_detokenize: !detokenize,
    seed: plan.seed,
  };
  return recordsOf(engine, args, { latency: latenciesS }, { avg_latency, percentiles });
}

/** @param args of vLLM's benchmark, those of the engine aside */
export function recordsOf(
  { model, args: engineArgs, tensorParallel }: RecordedEngine,
  args: { [name: string]: unknown },
  metrics: { [name: string]: number[] },
  extra_info: object,
) {
  const eager = engineArgs.includes("--enforce-eager");
  const all = { model, ...args, tensor_parallel_size: tensorParallel, enforce_eager: eager };
  const benchmark = {
    name: "vLLM benchmark",
    extra_info: { args: all, "compilation_config.mode": "", optimization_level: "", use_compile: !eager },
  };
  return Object.entries(metrics).map(([name, benchmark_values]) => ({
    benchmark,
    model: { name: model },
    metric: { name, benchmark_values, extra_info },
  }));
}
