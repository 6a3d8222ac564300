import { SampleSums } from "./sample-sums.ts";

/** What one read of an engine's `/metrics` says; what it does not show is absent. */
export interface EngineReading {
  running?: number;
  waiting?: number;
  /** 1 is all of it; the mean over the engines of a data-parallel server. */
  kvCacheUsage?: number;
  preemptions?: number;
  prefixCacheQueryTokens?: number;
  prefixCacheHitTokens?: number;
}

interface Source {
  /** The name of today first, then those of earlier versions; the first one present is taken. */
  names: string[];
  join: "sum" | "mean";
}

/** Second names are those before vllm#18354; some versions show both, and vllm#29330 dropped the old ones. */
const SOURCES: Record<keyof EngineReading, Source> = {
  running: { names: ["vllm:num_requests_running"], join: "sum" },
  waiting: { names: ["vllm:num_requests_waiting"], join: "sum" },
  kvCacheUsage: { names: ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"], join: "mean" },
  preemptions: { names: ["vllm:num_preemptions_total"], join: "sum" },
  prefixCacheQueryTokens: {
    names: ["vllm:prefix_cache_queries_total", "vllm:gpu_prefix_cache_queries_total"],
    join: "sum",
  },
  prefixCacheHitTokens: { names: ["vllm:prefix_cache_hits_total", "vllm:gpu_prefix_cache_hits_total"], join: "sum" },
};

const KNOWN = new Set(Object.values(SOURCES).flatMap(({ names }) => names));

/** Reads one page, and joins the engines behind one server. */
export class EngineReader {
  readonly #sums = new SampleSums(KNOWN);

  push(bytes: Uint8Array): void {
    this.#sums.push(bytes);
  }

  /** @returns undefined when the page shows nothing that is known */
  end(): EngineReading | undefined {
    const sums = this.#sums.end();
    const found = Object.entries(SOURCES).flatMap(([key, { names, join }]) => {
      const name = names.find((candidate) => sums.has(candidate));
      if (name === undefined) return [];
      const { sum, count } = sums.get(name)!;
      return [[key, join === "sum" ? sum : sum / count]];
    });
    return found.length === 0 ? undefined : Object.fromEntries(found);
  }
}
