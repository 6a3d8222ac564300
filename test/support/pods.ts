import { Pod } from "../../src/engine/kubernetes/pod.ts";

interface Given {
  name?: string;
  labels?: Record<string, string>;
  /** Fields of the only container. */
  container?: object;
  /** Fields of that container's status. */
  status?: object;
  /** Fields of the pod's status. */
  podStatus?: object;
  metadata?: object;
}

/** A pod with one container, as `kubectl get -o json` has it; by default it runs and is ready. */
export function podOf({ name = "vllm-0", labels, container, status, podStatus, metadata }: Given = {}): Pod {
  const containerStatus = { name: "vllm", image: "org/vllm:1", ready: true, restartCount: 0, state: { running: {} } };
  return Pod.parse({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "llm", uid: `uid-of-${name}`, labels: { app: "vllm", ...labels }, ...metadata },
    spec: { nodeName: "node-1", containers: [{ name: "vllm", image: "org/vllm:1", ...container }] },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: [{ ...containerStatus, ...status }],
      ...podStatus,
    },
  });
}

/** A pod of which the container does not run. */
export const stuckPod = (state: object, status: object = {}): Pod =>
  podOf({
    status: { ready: false, state, ...status },
    podStatus: { conditions: [{ type: "Ready", status: "False" }] },
  });
