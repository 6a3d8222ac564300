import type { Family, Labels } from "./exposition.ts";
import { type LoadNumbers, performanceFamilies } from "./numbers/ci-performance.ts";

/**
 * Numbers that are replaced together. Each stage has a group of its own, so that a push replaces the whole of one and
 * never touches another: what has no number any more is gone, and not there with the number of yesterday.
 */
export interface Group {
  /** Those of all its series: its key, beside the job. */
  labels: Labels;
  families: readonly Family[];
}

/** The time of each push. What is stale is told by it, and groups of other people have none. */
export const PUSH_TIME = "pitwall_push_timestamp_seconds";

/** @param now milliseconds since 1970 */
export const pushTime = (now: number): Family => ({
  name: PUSH_TIME,
  help: "When these numbers were pushed, in seconds since 1970.",
  samples: [{ labels: {}, value: now / 1000 }],
});

/** Means over loads, as a CSV file or a run's serving cells have them. */
export function performanceGroup(loads: readonly LoadNumbers[], identity: Labels, more: readonly Family[] = []): Group {
  return stageGroup(identity, "performance", [...more, ...performanceFamilies(loads)]);
}

/** @param identity what was measured, and where */
export function stageGroup(identity: Labels, stage: string, families: readonly Family[]): Group {
  return { labels: { ...identity, stage }, families };
}

/** All groups as one text, each with the labels of its own: for node_exporter's textfile collector. */
export function groupFamilies(groups: readonly Group[], now: number): Family[] {
  return groups.flatMap(({ labels, families }) =>
    [pushTime(now), ...families].map((family) => ({
      ...family,
      samples: family.samples.map((sample) => ({ ...sample, labels: { ...labels, ...sample.labels } })),
    })),
  );
}
