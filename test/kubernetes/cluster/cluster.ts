import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { apiServer } from "./api.ts";
import { runControllers } from "./controllers.ts";
import { type Images, Kubelet } from "./kubelet.ts";
import { type ApiObject, matches, Store } from "./store.ts";

/**
 * Stands in for a Kubernetes cluster: an API server that the real kubectl talks to, controllers, and one node whose containers
 * are processes of this machine. Ports of services of type NodePort are open on 127.0.0.1.
 */
export async function startCluster(images: Images) {
  const store = new Store();
  const kubelet = new Kubelet(store, images);
  const doors: Server[] = [];
  runControllers(store);
  for (const name of ["default", "llm"])
    store.create("namespaces", "", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  addNode(store);
  store.on("change", ({ type, resource, object }) => {
    if (resource === "services" && type === "ADDED" && object.spec.type === "NodePort")
      openDoor(object, store, kubelet, doors);
  });
  const remove = async (resource: string, object: ApiObject) => {
    if (object.metadata.deletionTimestamp !== undefined) return;
    object.metadata.deletionTimestamp = new Date().toISOString();
    const { uid, namespace } = object.metadata;
    const owned = store
      .list("pods", namespace)
      .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
    await Promise.all(owned.map((pod) => kubelet.remove(pod)));
    if (resource === "pods") await kubelet.remove(object);
    else store.remove(resource, object);
  };
  const api = apiServer(store, {
    log: (pod, query, response) => kubelet.log(pod, query, response),
    remove: (resource, object) => void remove(resource, object),
  });
  await once(api.listen(0, "127.0.0.1"), "listening");
  return {
    store,
    kubelet,
    url: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    kubeconfig: kubeconfigOf((api.address() as AddressInfo).port),
    names: () =>
      ["deployments", "statefulsets", "jobs", "pods", "services", "secrets", "persistentvolumeclaims"].flatMap(
        (resource) => store.list(resource).map(({ kind, metadata }) => `${kind}/${metadata.name}`),
      ),
    async [Symbol.asyncDispose]() {
      await Promise.all(store.list("pods").map((pod) => kubelet.remove(pod)));
      for (const door of doors) door.close();
      api.closeAllConnections();
      api.close();
    },
  };
}

function addNode(store: Store): void {
  const labels = {
    "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
    "nvidia.com/cuda.driver-version.full": "570.86.15",
  };
  const status = {
    conditions: [{ type: "Ready", status: "True" }],
    addresses: [
      { type: "Hostname", address: "node-1" },
      { type: "InternalIP", address: "127.0.0.1" },
    ],
  };
  store.create("nodes", "", { apiVersion: "v1", kind: "Node", metadata: { name: "node-1", labels }, status });
}

/** Each connection goes to a ready pod of the service. */
function openDoor(service: ApiObject, store: Store, kubelet: Kubelet, doors: Server[]): void {
  const door = createServer((socket) => {
    const pods = store
      .list("pods", service.metadata.namespace)
      .filter(({ metadata }) => matches(metadata.labels, service.spec.selector));
    const port = pods.map((pod) => kubelet.portOf(pod)).find((found) => found !== undefined);
    if (port === undefined) return void socket.destroy();
    const pod = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [socket, pod],
      [pod, socket],
    ] as const) {
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
      one.pipe(other);
    }
  });
  doors.push(door);
  door.listen(service.spec.ports[0].nodePort, "127.0.0.1", () => {
    service.spec.ports[0].nodePort = (door.address() as AddressInfo).port;
  });
  store.on("change", ({ type, object }) => {
    if (type === "DELETED" && object === service) door.close();
  });
}

const kubeconfigOf = (port: number) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "test", user: {} }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  });
