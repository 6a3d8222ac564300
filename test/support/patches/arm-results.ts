import type { ArmKind, ArmResult, Settings } from "../../../src/arms/commits/arm-result.ts";
import type { Note } from "../../../src/arms/commits/read/analysis.ts";
import type { Attempt, Task } from "../../../src/arms/commits/tasks.ts";
import type { CommitPair } from "../../../src/images/specs/commit-mapping.ts";

export const COMMIT = "a1b2".repeat(10);

const ALIKE: Settings = {
  model: "m/one",
  benchmark: "serving",
  requests: 100,
  inputTokens: 20_000,
  outputTokens: 6400,
};

/** An arm that answered so many tokens a second, measured like all others. */
export function measured(arm: ArmKind, tokens: number, change: Partial<ArmResult> = {}): ArmResult {
  return {
    ...{ file: `${arm}.json`, arm, commit: COMMIT, end: "measured", settings: ALIKE },
    metrics: { output_throughput_tok_s: tokens, request_throughput_req_s: tokens / 64 },
    ...change,
  };
}

/** An arm that has no numbers. */
export function failed(arm: ArmKind, change: Partial<ArmResult> = {}): ArmResult {
  const error = "Server crashed after applying patch";
  return { file: `${arm}.json`, arm, commit: COMMIT, end: "failed", error, metrics: {}, settings: ALIKE, ...change };
}

export const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  ...{ agent: "one", result: measured("agent", 1100), human: measured("human", 1050) },
  baseline: measured("baseline", 1000),
  ...change,
});

export function task(
  attempts: readonly Attempt[],
  { note = {}, pair }: { note?: Note; pair?: Partial<CommitPair> } = {},
): Task {
  const whole: CommitPair = {
    ...{ commit: COMMIT, short: COMMIT.slice(0, 8), parent: undefined, model: "m/one", originalModel: undefined },
    ...{ perfCommand: "vllm bench serve --model m/one", baselineThroughput: undefined, ...pair },
  };
  const [first] = attempts;
  return {
    ...{ commit: COMMIT, short: whole.short, pair: whole, note, attempts },
    ...{ human: first?.human, baseline: first?.baseline },
  };
}
