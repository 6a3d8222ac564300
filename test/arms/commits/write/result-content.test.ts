import { expect, test } from "vitest";
import { readResult } from "../../../../src/arms/commits/read/result-file.ts";
import { type ArmOutcome, resultContent } from "../../../../src/arms/commits/write/result-content.ts";
import type { Metrics } from "../../../../src/result/metrics/metric.ts";
import { COMMIT } from "../../../support/patches/arm-results.ts";

const short = COMMIT.slice(0, 8);
const outcome = (change: Partial<ArmOutcome> = {}): ArmOutcome => ({
  ...{
    kind: "agent",
    commit: COMMIT,
    short,
    end: "measured",
    metrics: {},
    measurements: 4,
    seconds: 120.5,
    question: "q",
  },
  at: new Date("2026-01-10T12:00:00Z"),
  ...change,
});

test("a result is written in ISO-Bench's form", () => {
  const metrics: Metrics = { output_throughput_tok_s: 198.29, ttft_ms: { mean: 45.2, p50: 40 } };
  const more = { parent: "fbefc8a78d22", model: "m/one", originalModel: "m/large", benchmark: "serving" as const };
  expect(resultContent(outcome({ kind: "human", metrics, ...more }))).toEqual({
    ...{ human_commit: short, human_commit_full: COMMIT, parent_commit: "fbefc8a78d22" },
    ...{ model: "m/one", original_model: "m/large", benchmark_type: "serving" },
    ...{ status: "success", error: null, duration_s: 120.5, timestamp: "2026-01-10 12:00:00" },
    metrics: { throughput_tok_s: 198.29, mean_ttft_ms: 45.2, median_ttft_ms: 40 },
    ...{ measurements: 4, question: "q" },
  });
});

test("what is written is read as what it was", () => {
  const metrics: Metrics = {
    ...{ output_throughput_tok_s: 198.29, request_throughput_req_s: 3, total_token_throughput_tok_s: 400 },
    ...{ completed: 100, duration_s: 33, latency_s: { mean: 0.5 }, tpot_ms: { mean: 3, p50: 2, p99: 9 } },
  };
  const row = {
    arm: "mine",
    cell: "serve-benchmark/x",
    metric: "output_throughput_tok_s",
    state: "wins",
    blocks: 3,
  } as const;
  const answers = { questions: 32, differ: 3, differOfBase: 2 };
  const accuracy = {
    ...{ verdict: "no_difference_shown" as const, samples: 72, unanswered: 0, correct: 63, correctOfBase: 64 },
    ...{ lost: 2, gained: 1, p: 1 },
  };
  const agent = { name: "mine", attempt: 2, patch: "x.diff" };
  const parameters = { num_prompts: 100, request_rate: "inf", max_concurrency: 16 };
  const content = resultContent(
    outcome({ metrics, agent, parameters, besideHuman: [row], answers, accuracy, image: "x/y:z", model: "m" }),
  );
  const named = { path: `${short}_agent_result.json`, arm: "agent", short } as const;
  expect(readResult(JSON.stringify(content), named)).toEqual({
    ...{ file: named.path, arm: "agent", commit: COMMIT, end: "measured", metrics, image: "x/y:z" },
    settings: {
      model: "m",
      requests: 100,
      requestRate: Number.POSITIVE_INFINITY,
      maxConcurrency: 16,
      benchmark: "latency",
    },
    ...{ agent: "mine", attempt: 2, question: "q", besideHuman: [row], answers, accuracy },
  });
});

test.each([
  ["failed", "error"],
  ["timeout", "timeout"],
  ["image_missing", "image_missing"],
  ["patch_failed", "patch_failed"],
  ["no_patch", "no_patch"],
] as const)("an arm that is %s is written as %s, and read as that", (end, status) => {
  const content = resultContent(outcome({ end, error: "engine_crashed: why" }));
  expect(content).toMatchObject({ status, metrics: {} });
  const named = { path: "x", arm: "agent", short } as const;
  expect(readResult(JSON.stringify(content), named)).toMatchObject({ end, error: "engine_crashed: why" });
});
