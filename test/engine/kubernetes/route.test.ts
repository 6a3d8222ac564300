import { expect, test } from "vitest";
import { Node, prefixOf, type RouteOptions, routeTo, Service } from "../../../src/engine/kubernetes/route.ts";

const node = (name: string, ready: string, ...addresses: [string, string][]) =>
  Node.parse({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    status: {
      conditions: [{ type: "Ready", status: ready }],
      addresses: addresses.map(([type, address]) => ({ type, address })),
    },
  });
const NODES = [
  node("down", "False", ["InternalIP", "10.0.0.1"]),
  node("up", "True", ["Hostname", "up"], ["InternalIP", "10.0.0.2"]),
];

const service = (...ports: object[]) =>
  Service.parse({ apiVersion: "v1", kind: "Service", metadata: { name: "vllm", namespace: "llm" }, spec: { ports } });

const route = (ports: object[], options: Partial<RouteOptions> = {}, nodes = NODES) =>
  routeTo(service(...ports), { access: "auto", ...options }, async () => nodes);

const HTTP = { name: "http", port: 8000, nodePort: 30080 };

test("a node port leads to the first node that works, at its InternalIP", async () => {
  expect(await route([HTTP])).toEqual({ kind: "url", baseUrl: "http://10.0.0.2:30080" });
  expect(await route([HTTP], { nodePort: 31000, pathPrefix: "/v1/" })).toEqual({
    kind: "url",
    baseUrl: "http://10.0.0.2:31000/v1",
  });
});

test("an IPv6 address goes into brackets", async () => {
  expect(await route([HTTP], {}, [node("six", "True", ["InternalIP", "fd00::2"])])).toMatchObject({
    baseUrl: "http://[fd00::2]:30080",
  });
});

test("without a node port, or where it is asked for, requests go through a tunnel", async () => {
  expect(await route([{ port: 8000 }])).toEqual({ kind: "forward", port: 8000 });
  expect(await route([HTTP], { access: "port-forward" })).toEqual({ kind: "forward", port: 8000 });
  await expect(route([{ port: 8000 }], { access: "node-port" })).rejects.toThrow("has no node port");
});

test("from inside the cluster a service is reached by its name, and nodes are not asked for", async () => {
  const nodes = () => expect.unreachable("nodes were asked for");
  const options = { access: "service", pathPrefix: "openai" } as const;
  expect(await routeTo(service(HTTP), options, nodes)).toEqual({
    kind: "url",
    baseUrl: "http://vllm.llm.svc:8000/openai",
  });
});

test("of several ports the one with the name is taken, http where none is said", async () => {
  const ports = [{ name: "metrics", port: 9090, nodePort: 30090 }, HTTP];
  expect(await route(ports)).toMatchObject({ baseUrl: "http://10.0.0.2:30080" });
  expect(await route(ports, { servicePortName: "metrics" })).toMatchObject({ baseUrl: "http://10.0.0.2:30090" });
  await expect(route(ports, { servicePortName: "grpc" })).rejects.toThrow(
    "the service vllm has no port “grpc”, but metrics, http: give --service-port-name",
  );
});

test("a cluster whose nodes tell no address says what else there is", async () => {
  await expect(route([HTTP], {}, [])).rejects.toThrow("choose --access port-forward or service");
});

test("a prefix begins with a slash and ends without one", () => {
  expect(["", "/", "v1", "/a/b/"].map((pathPrefix) => prefixOf({ pathPrefix }))).toEqual(["", "", "/v1", "/a/b"]);
});
