import type { RunCell } from "../../src/result/run.ts";

interface BenchmarkPage {
  benchmark: RunCell["benchmark"];
  title: string;
  /** Address of its charts. */
  path: string;
}

/** In the order in which pages show them. */
export const BENCHMARK_PAGES: readonly BenchmarkPage[] = [
  { benchmark: "latency-sweep", title: "Latency", path: "latency/" },
  { benchmark: "serve-benchmark", title: "Serving", path: "serving/" },
  { benchmark: "throughput-benchmark", title: "Throughput", path: "throughput/" },
  { benchmark: "startup-benchmark", title: "Start-up", path: "startup/" },
];
