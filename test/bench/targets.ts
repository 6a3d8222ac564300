import type { MeasureName } from "./measures.ts";

/** What our median of a measure has to reach; the figures. */
export type Target =
  | { kind: "at-most"; value: number }
  | { kind: "within"; low: number; high: number }
  /** Times the median of vllm. */
  | { kind: "of-vllm"; value: number }
  | { kind: "below-every-peer" };

type Rule = readonly [cell: RegExp, measure: MeasureName, ...targets: Target[]];

const atMost = (value: number): Target => ({ kind: "at-most", value });
const ofVllm = (value: number): Target => ({ kind: "of-vllm", value });

const RULES: readonly Rule[] = [
  [/^64 streams, lock-step$/, "ttftErrorMean", ofVllm(0.25)],
  [/streams?,/, "ttftErrorMean", { kind: "below-every-peer" }],
  [/^64 streams, staggered/, "ttftErrorP50", atMost(0.5)],
  [/^64 streams, staggered/, "ttftErrorP99", atMost(5)],
  [/^(64|256|512) streams/, "loadCpu", ofVllm(0.5)],
  [/./, "startup", atMost(0.5)],
  // A cell of 4 s of load ends in 5 s.
  [/./, "overhead", atMost(1)],
  [/^256 streams/, "clientLimited", atMost(0)],
  [/^256 streams/, "engineCores", atMost(0.5)],
  [/^256 streams/, "engineLateness", atMost(1)],
  [/Poisson/, "achievedRate", { kind: "within", low: 0.995, high: 1.005 }],
  [/Poisson/, "sendLatenessP99", atMost(2)],
];

export const targetsOf = (cell: string, measure: MeasureName): Target[] =>
  RULES.flatMap(([cells, name, ...targets]) => (name === measure && cells.test(cell) ? targets : []));

export function targetText(target: Target): string {
  switch (target.kind) {
    case "at-most":
      return `≤ ${target.value}`;
    case "within":
      return `${target.low} … ${target.high}`;
    case "of-vllm":
      return `≤ ${target.value} × vllm`;
    case "below-every-peer":
      return "< every peer";
  }
}

/**
 * Whether a target is reached; null when the figures to say so are missing.
 * @param medians by tool
 */
export function isReached(target: Target, medians: ReadonlyMap<string, number>): boolean | null {
  const ours = medians.get("pitwall");
  if (ours === undefined) return null;
  const peers = [...medians].filter(([tool]) => tool !== "pitwall").map(([, median]) => median);
  const vllm = medians.get("vllm");
  switch (target.kind) {
    case "at-most":
      return ours <= target.value;
    case "within":
      return ours >= target.low && ours <= target.high;
    case "of-vllm":
      return vllm === undefined ? null : ours <= target.value * vllm;
    case "below-every-peer":
      return peers.length === 0 ? null : peers.every((peer) => ours < peer);
  }
}
