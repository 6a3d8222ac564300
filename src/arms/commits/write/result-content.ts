import type { Distribution } from "../../../result/metrics/distribution.ts";
import type { Metrics } from "../../../result/metrics/metric.ts";
import { present } from "../../../result/present.ts";
import type { Comparison } from "../../comparison.ts";
import type { ArmKind, End } from "../arm-result.ts";
import type { Accuracy } from "../judge/accuracy.ts";
import type { Answers } from "../judge/answers.ts";
import type { Benchmark } from "../perf-command.ts";

/** What an arm of a commit came to, with all that its file says. */
export interface ArmOutcome {
  kind: ArmKind;
  commit: string;
  short: string;
  parent?: string | undefined;
  model?: string | undefined;
  originalModel?: string | undefined;
  benchmark?: Benchmark | undefined;
  end: End;
  /** Why it has no numbers. */
  error?: string | undefined;
  /** Medians over its measurements; empty without any. */
  metrics: Metrics;
  /** How it was measured, in the words of vLLM's own arguments. */
  parameters?: Readonly<Record<string, string | number>> | undefined;
  image?: string | undefined;
  agent?: { name: string; attempt: number; patch: string } | undefined;
  measurements: number;
  besideBaseline?: readonly Comparison[] | undefined;
  besideHuman?: readonly Comparison[] | undefined;
  /** Beside the human's with other prompts and lengths, where that was measured. */
  anotherLoad?: readonly Comparison[] | undefined;
  /** Beside the baseline's, where they were asked for. */
  answers?: Answers | undefined;
  accuracy?: Accuracy | undefined;
  seconds: number;
  at: Date;
  /** What was asked; equal for equal questions only. */
  question: string;
}

const STATUS: Readonly<Record<End, string>> = {
  ...{ measured: "success", failed: "error", timeout: "timeout", skipped: "skipped" },
  ...{ image_missing: "image_missing", patch_failed: "patch_failed", no_patch: "no_patch" },
};

/** A result file in ISO-Bench's form, with what pitwall knows besides. */
export function resultContent(outcome: ArmOutcome): object {
  const { metrics, at, agent } = outcome;
  return {
    ...{ human_commit: outcome.short, human_commit_full: outcome.commit },
    ...present({ parent_commit: outcome.parent, model: outcome.model, original_model: outcome.originalModel }),
    ...{ status: STATUS[outcome.end], error: outcome.error ?? null },
    ...present({ benchmark_type: outcome.benchmark, parameters: outcome.parameters, docker_image: outcome.image }),
    metrics: spelledOut(metrics),
    duration_s: outcome.seconds,
    timestamp: at.toISOString().slice(0, 19).replace("T", " "),
    ...(agent === undefined ? {} : { agent: agent.name, attempt: agent.attempt, agent_patch: agent.patch }),
    ...{ measurements: outcome.measurements, question: outcome.question },
    ...present({ beside_baseline: outcome.besideBaseline, beside_human: outcome.besideHuman }),
    ...present({ another_load: outcome.anotherLoad, answers: outcome.answers }),
    ...present({ accuracy_beside_base: outcome.accuracy }),
  };
}

const SCALARS = {
  output_throughput_tok_s: "throughput_tok_s",
  request_throughput_req_s: "request_throughput_req_s",
  total_token_throughput_tok_s: "total_token_throughput_tok_s",
  completed: "successful_requests",
  duration_s: "benchmark_duration_s",
} as const satisfies { [N in keyof Metrics]?: string };
const TIMES = ["ttft", "tpot", "itl", "e2el"] as const;
const STATISTICS = { mean: "mean", median: "p50", p99: "p99" } as const satisfies Record<string, keyof Distribution>;

/** The spelling of ISO-Bench's own description, which read/spellings.ts reads among others. */
function spelledOut(metrics: Metrics): Record<string, number> {
  const scalars = Object.entries(SCALARS).map(([metric, name]) => [name, metrics[metric as keyof typeof SCALARS]]);
  const times = TIMES.flatMap((time) =>
    Object.entries(STATISTICS).map(([word, statistic]) => [`${word}_${time}_ms`, metrics[`${time}_ms`]?.[statistic]]),
  );
  const batch = metrics.latency_s?.mean ?? metrics.latency_s?.p50;
  return present(
    Object.fromEntries([...scalars, ...times, ["latency_avg_ms", batch === undefined ? undefined : batch * 1000]]),
  ) as Record<string, number>;
}
