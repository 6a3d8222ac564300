import { UsageError } from "../errors.ts";
import type { Run } from "../result/document/run.ts";
import type { ImportContext } from "./imported-run.ts";

/**
 * What the caller says about files. Names of model, machine, GPU and version go before those in a file, for one thing has
 * many names; lengths, sizes and times stand in where a file says none.
 */
export interface Given {
  model?: string | undefined;
  hostLabel?: string | undefined;
  gpu?: string | undefined;
  gpuCount?: number | undefined;
  engineVersion?: string | undefined;
  inputLen?: number | undefined;
  outputLen?: number | undefined;
  /** Sequences at once. */
  batch?: number | undefined;
  offeredTokensPerSecond?: number | undefined;
  /** Moment of files that have none. */
  timestamp?: string | undefined;
  /** `Z` or an offset, of files that write local time. */
  timeZone?: string | undefined;
}

/** What a file says about where its numbers come from. */
export interface FileFacts {
  model?: string | undefined;
  host?: string | undefined;
  gpu?: string | undefined;
  gpuCount?: number | undefined;
  engine?: { kind: "vllm" | "remote"; version?: string | undefined; image?: string | undefined } | undefined;
  quantization?: string | undefined;
  dtype?: string | undefined;
  tensorParallel?: number | undefined;
  client?: string | undefined;
}

/** @throws UsageError naming the option that says what neither file nor caller does */
export function needed<T>(value: T | undefined, option: string, name: string): T {
  if (value !== undefined) return value;
  throw new UsageError(`${name} does not say everything: give it with ${option}`);
}

/** @throws UsageError when model or host are told by nobody */
export function contextFrom(given: Given, facts: FileFacts, name: string): ImportContext {
  const version = given.engineVersion ?? facts.engine?.version ?? null;
  const gpu = given.gpu ?? facts.gpu ?? null;
  const { kind = "vllm", image = null } = facts.engine ?? {};
  return {
    engine: { kind, version, image, imageDigest: null, args: [], secondsToReady: null },
    model: {
      name: needed(given.model ?? facts.model, "--model", name),
      revision: null,
      dtype: facts.dtype ?? null,
      quantization: facts.quantization ?? null,
      tensorParallel: facts.tensorParallel ?? 1,
    },
    host: {
      label: needed(given.hostLabel ?? facts.host, "--host-label", name),
      ...machineOf(gpu, given.gpuCount ?? facts.gpuCount),
      driver: null,
      cuda: null,
      cores: null,
    },
    client: { kind: facts.client ?? "vllm", version: facts.client === undefined ? (version ?? "unknown") : "unknown" },
  };
}

/** What files and people call a machine without a GPU. */
const NO_GPU = new Set(["none", "cpu"]);

function machineOf(gpu: string | null, count: number | undefined): Pick<Run["host"], "gpu" | "gpuCount" | "cpu"> {
  if (gpu === null || gpu === "unknown") return { gpu: null, gpuCount: null, cpu: null };
  // The processor's name is not in the file; that there is no GPU was said, and not only left out.
  if (NO_GPU.has(gpu.toLowerCase())) return { gpu: null, gpuCount: 0, cpu: "unknown" };
  return { gpu, gpuCount: count ?? 1, cpu: null };
}
