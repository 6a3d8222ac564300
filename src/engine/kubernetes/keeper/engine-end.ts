import type { EngineRecord } from "../../../result/document/engine-record.ts";
import { type Pod, statusesOf } from "../pod.ts";
import type { PodEvent } from "./pod-events.ts";

/** The pods of an engine that is up. */
export type Baseline = NonNullable<EngineRecord["cluster"]>["pods"];

/** Without those that have done their work, or failed before: they may go. */
export const baselineOf = (pods: readonly Pod[]): Baseline =>
  pods
    .filter(({ status }) => status.phase !== "Succeeded" && status.phase !== "Failed")
    .map((pod) => {
      const restarts = Object.fromEntries(statusesOf(pod).map(({ name, restartCount }) => [name, restartCount]));
      return { name: pod.metadata.name, uid: idOf(pod), restarts };
    });

export const idOf = ({ metadata }: Pod) => metadata.uid ?? metadata.name;

/**
 * What a change of a pod says of an engine that was up: undefined while all goes on. A container that was begun anew has lost
 * its cache and whoever asked it, so that it is not the engine any more that was measured. Pure.
 */
export function endOf({ type, pod }: PodEvent, baseline: Baseline): string | undefined {
  const before = baseline.find(({ uid }) => uid === idOf(pod));
  const { name, deletionTimestamp } = pod.metadata;
  if (before === undefined) return undefined;
  if (type === "DELETED" || deletionTimestamp) return deleted(name);
  const { phase, reason, message } = pod.status;
  for (const { name: container, restartCount, state, lastState } of statusesOf(pod)) {
    const hasRestarted = restartCount > (before.restarts[container] ?? 0);
    const ended = state?.terminated ?? (hasRestarted ? lastState?.terminated : undefined);
    if (!hasRestarted && (ended == null || ended.exitCode === 0)) continue;
    const why = [ended?.reason, ended == null ? undefined : `exit code ${ended.exitCode}`].filter(Boolean).join(", ");
    return `the container ${container} of the pod ${name} ended${why === "" ? "" : ` (${why})`}`;
  }
  if (phase !== "Failed") return undefined;
  return `the pod ${name} failed${reason ? ` (${reason})` : ""}${message ? `: ${message}` : ""}`;
}

/** The same of a whole list of pods, which may lack one. */
export function endByList(pods: readonly Pod[], baseline: Baseline): string | undefined {
  const gone = baseline.find(({ uid }) => !pods.some((pod) => idOf(pod) === uid));
  if (gone !== undefined) return deleted(gone.name);
  return pods.map((pod) => endOf({ type: "MODIFIED", pod }, baseline)).find((why) => why !== undefined);
}

const deleted = (name: string) => `the pod ${name} was deleted`;
