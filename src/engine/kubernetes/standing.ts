import { z } from "zod";
import { AnyObject, shownName } from "../../machine/kubernetes/objects.ts";
import { Conditions, conditionOf, isReady, isReplaced, LabelExpression, type Pod, type PodSelector } from "./pod.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

const Selector = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).nullish(),
  matchExpressions: z.array(LabelExpression).nullish(),
});
const Count = z.number().nullish();

/** Any object that may have pods, as far as it tells how they do. */
const Workload = AnyObject.extend({
  spec: z
    .looseObject({ replicas: Count, parallelism: Count, selector: z.unknown().optional() })
    .nullish()
    .transform((spec) => spec ?? { selector: undefined }),
  status: z
    .looseObject({
      ...{ observedGeneration: Count, replicas: Count, updatedReplicas: Count, availableReplicas: Count },
      ...{ readyReplicas: Count, desiredNumberScheduled: Count, updatedNumberScheduled: Count, numberReady: Count },
      ...{ succeeded: Count, ready: Count, conditions: Conditions },
    })
    .nullish()
    .transform((status) => status ?? {}),
});
type Workload = z.infer<typeof Workload>;

const HAVE_PODS = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Pod"];

/** Whether objects of this kind come with pods, or are one. */
export const hasPods = ({ kind }: Pick<AnyObject, "kind">) => HAVE_PODS.includes(kind);

/** Which pods belong to these objects: those of workloads, and what a service leads to. */
export function selectorsOf(objects: readonly AnyObject[]): PodSelector[] {
  return objects.flatMap((object): PodSelector[] => {
    const namespace = object.metadata.namespace ?? "default";
    if (object.kind === "Pod") return [{ namespace, name: object.metadata.name }];
    const given = Workload.safeParse(object).data?.spec.selector;
    if (object.kind === "Service") {
      const labels = z.record(z.string(), z.string()).safeParse(given).data ?? {};
      return Object.keys(labels).length === 0 ? [] : [{ namespace, labels, expressions: [] }];
    }
    const selector = hasPods(object) ? Selector.safeParse(given).data : undefined;
    if (selector === undefined) return [];
    return [{ namespace, labels: selector.matchLabels ?? {}, expressions: selector.matchExpressions ?? [] }];
  });
}

export type Standing =
  | { kind: "ready" }
  | { kind: "waiting"; what: string; troubles: Trouble[] }
  /** It does not come up any more. */
  | { kind: "failed"; what: string; troubles: Trouble[] };

/**
 * How far a start has come: every workload rolled out as `kubectl rollout status` counts it, every pod ready. Pure.
 * @param pods those of the objects, without any that is being deleted
 */
export function standingOf(objects: readonly AnyObject[], pods: readonly Pod[]): Standing {
  const workloads = objects.map((object) => Workload.parse(object));
  for (const { kind, status, metadata } of workloads) {
    const failed = kind === "Job" ? conditionOf(status.conditions, "Failed") : undefined;
    if (failed?.status !== "True") continue;
    const what = `${shownName({ kind, name: metadata.name })} failed: ${failed.message ?? failed.reason}`;
    return { kind: "failed", what, troubles: troublesOf(pods) };
  }
  const current = pods.filter((pod) => !isReplaced(pod));
  const [what] = [...workloads.flatMap((workload) => lackOf(workload) ?? []), ...podLacks(current)];
  return what === undefined ? { kind: "ready" } : { kind: "waiting", what, troubles: troublesOf(current) };
}

const troublesOf = (pods: readonly Pod[]) => pods.flatMap((pod) => troubleOf(pod) ?? []);
const shown = ({ kind, metadata }: AnyObject) => shownName({ kind, name: metadata.name });

function podLacks(pods: readonly Pod[]): string[] {
  if (pods.length === 0) return ["no pod of the engine is there yet"];
  const waiting = pods.find((pod) => !isReady(pod));
  if (waiting === undefined) return [];
  const states = [...(waiting.status.containerStatuses ?? []), ...(waiting.status.initContainerStatuses ?? [])];
  const why = states.map(({ state }) => state?.waiting?.reason).find(Boolean) ?? waiting.status.phase ?? "unknown";
  return [`the pod ${waiting.metadata.name} is not ready (${why})`];
}

/** What a workload still waits for; undefined: nothing. */
function lackOf(workload: Workload): string | undefined {
  const { status, metadata } = workload;
  const refused = conditionOf(status.conditions, "ReplicaFailure");
  if (refused?.status === "True")
    return `${shown(workload)} cannot make its pods: ${refused.message ?? refused.reason}`;
  if ((status.observedGeneration ?? Number.POSITIVE_INFINITY) < (metadata.generation ?? 0)) {
    return `${shown(workload)} has not been looked at yet`;
  }
  const counts = countsOf(workload);
  return counts === undefined || counts.ready >= counts.wanted
    ? undefined
    : `${counts.ready} of ${counts.wanted} pods of ${shown(workload)} are ready`;
}

/** How many pods, or containers in them, workloads ask for: what they print is told apart where it is more than one. */
export function podsWanted(objects: readonly AnyObject[]): number {
  return objects.reduce((sum, object) => {
    const { kind, spec } = Workload.parse(object);
    const pod = Template.safeParse(kind === "Pod" ? spec : (spec as { template?: { spec?: unknown } }).template?.spec);
    return sum + (spec.replicas ?? spec.parallelism ?? 1) * (pod.data?.containers.length ?? 1);
  }, 0);
}

const Template = z.looseObject({ containers: z.array(z.unknown()) });

interface Counts {
  ready: number;
  wanted: number;
}

/** A pod of an earlier version counts for nothing. @returns undefined for what has no pods of its own */
function countsOf({ kind, spec, status }: Workload): Counts | undefined {
  const least = (...counts: (number | null | undefined)[]) => Math.min(...counts.map((count) => count ?? 0));
  switch (kind) {
    case "Deployment": {
      const isRolling = (status.replicas ?? 0) > (status.updatedReplicas ?? 0);
      const ready = least(status.updatedReplicas, status.availableReplicas);
      const wanted = spec.replicas ?? 1;
      return { ready: isRolling ? Math.min(ready, wanted - 1) : ready, wanted };
    }
    case "StatefulSet":
      return {
        ready: least(status.readyReplicas, status.updatedReplicas ?? status.replicas),
        wanted: spec.replicas ?? 1,
      };
    case "ReplicaSet":
      return { ready: status.readyReplicas ?? 0, wanted: spec.replicas ?? 1 };
    case "DaemonSet":
      return {
        ready: least(status.numberReady, status.updatedNumberScheduled),
        wanted: status.desiredNumberScheduled ?? 1,
      };
    case "Job":
      return { ready: (status.succeeded ?? 0) + (status.ready ?? 0), wanted: spec.parallelism ?? 1 };
    default:
      return undefined;
  }
}
