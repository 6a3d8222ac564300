import type { RunCell } from "../../src/result/document/run.ts";

interface BenchmarkPage {
  benchmark: RunCell["benchmark"];
  title: string;
  /** Address of its charts. */
  path: string;
  /** Linked also before a run has measured it, so that an empty site shows what it is for. */
  isAlwaysLinked?: true;
}

/** In the order in which pages show them. */
export const BENCHMARK_PAGES: readonly BenchmarkPage[] = [
  { benchmark: "latency-sweep", title: "Latency", path: "latency/", isAlwaysLinked: true },
  { benchmark: "serve-benchmark", title: "Serving", path: "serving/", isAlwaysLinked: true },
  { benchmark: "throughput-benchmark", title: "Throughput", path: "throughput/" },
  { benchmark: "startup-benchmark", title: "Start-up", path: "startup/" },
];
