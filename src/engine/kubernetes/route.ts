import { z } from "zod";
import { AnyObject } from "../../machine/kubernetes/objects.ts";
import { Conditions, conditionOf } from "./pod.ts";

export const ACCESSES = ["auto", "node-port", "port-forward", "service"] as const;

/** How requests reach the engine, as a user says it. */
export interface RouteOptions {
  access: (typeof ACCESSES)[number];
  /** Name of the service's port; absent: its only one, or the one that is called http. */
  servicePortName?: string | undefined;
  /** Instead of the one that the service has. */
  nodePort?: number | undefined;
  /** Before /v1 and /health. */
  pathPrefix?: string | undefined;
}

/** `forward`: by a tunnel of kubectl's to the service's port. */
export type Route = { kind: "url"; baseUrl: string } | { kind: "forward"; port: number };

const ServicePort = z.looseObject({
  name: z.string().nullish(),
  port: z.number(),
  nodePort: z.number().nullish(),
});
type ServicePort = z.infer<typeof ServicePort>;

export const Service = AnyObject.extend({ spec: z.looseObject({ ports: z.array(ServicePort).default([]) }) });
export type Service = z.infer<typeof Service>;

export const Node = AnyObject.extend({
  status: z
    .looseObject({
      addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).nullish(),
      conditions: Conditions,
    })
    .default({}),
});
export type Node = z.infer<typeof Node>;

/**
 * The way to a service, by default its NodePort where it has one, else a tunnel. Pure.
 * @param nodes asked for only where a node's address is needed
 * @throws RouteError saying what is missing
 */
export async function routeTo(service: Service, options: RouteOptions, nodes: () => Promise<Node[]>): Promise<Route> {
  const port = portOf(service, options);
  const nodePort = options.nodePort ?? port.nodePort ?? undefined;
  const { name, namespace = "default" } = service.metadata;
  const prefix = prefixOf(options);
  switch (options.access) {
    case "service":
      return { kind: "url", baseUrl: `http://${name}.${namespace}.svc:${port.port}${prefix}` };
    case "auto":
      if (nodePort === undefined) return { kind: "forward", port: port.port };
      break;
    case "port-forward":
      return { kind: "forward", port: port.port };
  }
  if (nodePort === undefined) {
    throw new RouteError(
      `the service ${name} has no node port: make it of type NodePort, give --node-port, or choose --access port-forward`,
    );
  }
  return { kind: "url", baseUrl: `http://${addressOf(await nodes())}:${nodePort}${prefix}` };
}

/** The service leads nowhere that can be asked. */
export class RouteError extends Error {}

/** With a slash before it and none behind. */
export function prefixOf({ pathPrefix = "" }: Pick<RouteOptions, "pathPrefix">): string {
  const words = pathPrefix.split("/").filter((word) => word !== "");
  return words.length === 0 ? "" : `/${words.join("/")}`;
}

function portOf({ spec: { ports }, metadata: { name } }: Service, { servicePortName }: RouteOptions): ServicePort {
  const wanted = servicePortName ?? "http";
  const found = ports.find((port) => port.name === wanted);
  if (found !== undefined) return found;
  if (servicePortName === undefined && ports.length === 1) return ports[0]!;
  const names = ports.map((port) => port.name ?? port.port).join(", ") || "none at all";
  throw new RouteError(`the service ${name} has no port “${wanted}”, but ${names}: give --service-port-name`);
}

/** The first node that works, else the first. An IPv6 address goes into brackets. */
function addressOf(nodes: readonly Node[]): string {
  const isUp = ({ status }: Node) => conditionOf(status.conditions, "Ready")?.status === "True";
  const address = [...nodes.filter(isUp), ...nodes]
    .flatMap(({ status }) => status.addresses ?? [])
    .find(({ type }) => type === "InternalIP")?.address;
  if (address === undefined) {
    throw new RouteError("no node of the cluster has an InternalIP: choose --access port-forward or service");
  }
  return address.includes(":") ? `[${address}]` : address;
}
