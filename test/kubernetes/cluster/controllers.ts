import { type ApiObject, matches, type Store } from "./store.ts";

const WORKLOADS = ["deployments", "statefulsets", "jobs"];

/** Makes the pods of workloads, and counts in each workload's status how they do. */
export function runControllers(store: Store): void {
  store.on("change", ({ type, resource, object }) => {
    if (WORKLOADS.includes(resource) && type === "ADDED") makePods(store, resource, object);
    if (resource === "pods") setImmediate(() => count(store, object));
  });
}

function makePods(store: Store, resource: string, workload: ApiObject): void {
  const { uid, name, namespace } = workload.metadata;
  // As a real server does it for jobs.
  if (resource === "jobs") {
    workload.spec.selector = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
    workload.spec.template.metadata = { labels: workload.spec.selector.matchLabels };
  }
  const wanted = workload.spec.replicas ?? workload.spec.parallelism ?? 1;
  for (let index = 0; index < wanted; index += 1) {
    const owner = { apiVersion: workload.apiVersion, kind: workload.kind, name, uid };
    const { labels } = workload.spec.template.metadata;
    store.create("pods", namespace!, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `${name}-${index}`, labels: { ...labels }, ownerReferences: [owner] },
      spec: structuredClone(workload.spec.template.spec),
      status: { phase: "Pending" },
    });
  }
}

function count(store: Store, pod: ApiObject): void {
  const [owner] = pod.metadata.ownerReferences ?? [];
  const resource = WORKLOADS.find((one) => `${owner?.kind.toLowerCase()}s` === one);
  const workload = resource && store.get(resource, pod.metadata.namespace!, owner!.name);
  if (!workload) return;
  const pods = store
    .list("pods", pod.metadata.namespace)
    .filter(({ metadata }) => matches(metadata.labels, workload.spec.selector.matchLabels));
  const ready = pods.filter(({ status }) => status?.containerStatuses?.[0]?.ready).length;
  const succeeded = pods.filter(({ status }) => status?.phase === "Succeeded").length;
  const failed = pods.filter(({ status }) => status?.phase === "Failed").length;
  const observedGeneration = workload.metadata.generation;
  workload.status =
    resource === "jobs"
      ? { ready, succeeded, failed, conditions: jobConditions(workload, succeeded, failed) }
      : {
          observedGeneration,
          replicas: pods.length,
          updatedReplicas: pods.length,
          readyReplicas: ready,
          availableReplicas: ready,
        };
  store.update(resource!, workload);
}

function jobConditions({ spec }: ApiObject, succeeded: number, failed: number): object[] {
  if (succeeded >= (spec.completions ?? 1)) return [{ type: "Complete", status: "True" }];
  if (failed > (spec.backoffLimit ?? 6))
    return [{ type: "Failed", status: "True", message: "Job has reached the specified backoff limit" }];
  return [];
}
