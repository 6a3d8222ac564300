import type { RunHead } from "../document/run.ts";

/** Shown wherever nobody told which GPU it was. */
export const UNKNOWN_GPU = "unknown GPU";

/** The GPUs of a run for people and for its series: `8 × NVIDIA H100 80GB HBM3`, `no GPU`, or that nobody knows. */
export function gpuName({ host, engine, source }: Pick<RunHead, "host" | "engine" | "source">): string {
  const { gpu, gpuCount } = host;
  if (gpu !== null) return gpuCount === null ? gpu : `${gpuCount} × ${gpu}`;
  if (gpuCount === null) return UNKNOWN_GPU;
  // Documents of before say 0 for a machine that nobody asked, too: one that they were imported from, or the one behind a URL.
  const wasAsked = source === undefined ? engine.kind !== "remote" : host.cpu !== null;
  return wasAsked ? "no GPU" : UNKNOWN_GPU;
}
