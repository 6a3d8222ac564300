import { vllmLatencyFile } from "../result/vllm-file.ts";
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
  const eager = engine.args.includes("--enforce-eager");
  const args = {
    model: engine.model,
    input_len: cell.inputLen,
    output_len: cell.outputLen,
    batch_size: cell.batchSize,
    n,
    use_beam_search: beamSearch,
    num_iters_warmup: plan.warmup,
    num_iters: plan.iterations,
    disable_detokenize: !detokenize,
    tensor_parallel_size: engine.tensorParallel,
    enforce_eager: eager,
    seed: plan.seed,
  };
  const benchmark = {
    name: "vLLM benchmark",
    extra_info: { args, "compilation_config.mode": "", optimization_level: "", use_compile: !eager },
  };
  const metric = { name: "latency", benchmark_values: latenciesS, extra_info: { avg_latency, percentiles } };
  return [{ benchmark, model: { name: engine.model }, metric }];
}
