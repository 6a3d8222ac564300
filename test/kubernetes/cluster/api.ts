import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { ApiObject, Change, Store } from "./store.ts";

interface Resource {
  name: string;
  kind: string;
  namespaced: boolean;
}

const resource = (name: string, kind: string, namespaced = true): Resource => ({ name, kind, namespaced });

/** The groups that the stand-in knows, by the path of each. */
const GROUPS: Record<string, Resource[]> = {
  "/api/v1": [
    resource("pods", "Pod"),
    resource("services", "Service"),
    resource("secrets", "Secret"),
    resource("events", "Event"),
    resource("persistentvolumeclaims", "PersistentVolumeClaim"),
    resource("namespaces", "Namespace", false),
    resource("nodes", "Node", false),
  ],
  "/apis/apps/v1": [resource("deployments", "Deployment"), resource("statefulsets", "StatefulSet")],
  "/apis/batch/v1": [resource("jobs", "Job")],
};

interface Place {
  group: string;
  resource: Resource;
  namespace: string;
  name: string | undefined;
  below: string | undefined;
}

/** What the kubelet of the stand-in adds: logs, and how an object ends. */
export interface Machinery {
  log(pod: ApiObject, query: URLSearchParams, response: ServerResponse): void;
  remove(resource: string, object: ApiObject): void;
}

/** The HTTP interface of a Kubernetes API server, as far as kubectl needs it for get, apply, delete, watch and logs. */
export function apiServer(store: Store, machinery: Machinery): Server {
  return createServer((request, response) => {
    void answer(store, machinery, request, response).catch((error) => fail(response, 500, "InternalError", `${error}`));
  });
}

async function answer(store: Store, machinery: Machinery, request: IncomingMessage, response: ServerResponse) {
  const { pathname, searchParams } = new URL(request.url!, "http://api");
  const discovered = discovery(pathname);
  if (discovered !== undefined) return send(response, 200, discovered);
  const place = placeOf(pathname);
  if (place === undefined) return fail(response, 404, "NotFound", `the server could not find ${pathname}`);
  const { resource, namespace, name, below } = place;
  if (below === "log") return machinery.log(store.get("pods", namespace, name!)!, searchParams, response);
  if (request.method === "GET" && name === undefined) return list(store, place, searchParams, response);
  if (request.method === "POST") return create(store, place, await bodyOf(request), response);
  const object = store.get(resource.name, resource.namespaced ? namespace : "", name!);
  if (object === undefined) return fail(response, 404, "NotFound", `${resource.name} "${name}" not found`);
  if (request.method === "DELETE") {
    machinery.remove(resource.name, object);
    return send(response, 200, { apiVersion: "v1", kind: "Status", status: "Success" });
  }
  if (request.method === "PATCH") merge(store, resource.name, object, await bodyOf(request));
  send(response, 200, object);
}

function create(store: Store, { resource, namespace }: Place, given: ApiObject, response: ServerResponse) {
  if (resource.namespaced && store.get("namespaces", "", namespace) === undefined) {
    return fail(response, 404, "NotFound", `namespaces "${namespace}" not found`);
  }
  const place = resource.namespaced ? namespace : "";
  if (store.get(resource.name, place, given.metadata.name) !== undefined) {
    return fail(response, 409, "AlreadyExists", `${resource.name} "${given.metadata.name}" already exists`);
  }
  send(response, 201, store.create(resource.name, place, given));
}

/** Fields that were given take the place of those that were there. */
function merge(store: Store, resource: string, object: ApiObject, patch: Partial<ApiObject>): void {
  Object.assign(object.metadata, patch.metadata);
  object.spec = { ...object.spec, ...patch.spec };
  store.update(resource, object, { isSpec: patch.spec !== undefined });
}

function list(store: Store, place: Place, query: URLSearchParams, response: ServerResponse) {
  const { resource, namespace, group } = place;
  const isAsked = isSelected(query, place);
  const apiVersion = group.replace(/^\/apis?\//, "");
  if (query.get("watch") !== "true") {
    const items = store.list(resource.name, namespace || undefined).filter(isAsked);
    return send(response, 200, {
      apiVersion,
      kind: `${resource.kind}List`,
      metadata: { resourceVersion: store.version },
      items,
    });
  }
  if (query.has("sendInitialEvents")) return fail(response, 422, "Invalid", "sendInitialEvents is forbidden");
  response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
  const onChange = (change: Change) => {
    if (change.resource !== resource.name || !isAsked(change.object)) return;
    response.write(`${JSON.stringify({ type: change.type, object: change.object })}\n`);
  };
  store.since(Number(query.get("resourceVersion"))).forEach(onChange);
  store.on("change", onChange);
  response.on("close", () => store.off("change", onChange));
}

/** By namespace, name, and the object that an event is about. */
function isSelected(query: URLSearchParams, { namespace }: Place): (object: ApiObject) => boolean {
  const fields = (query.get("fieldSelector") ?? "").split(",").filter((part) => part !== "");
  return (object) =>
    (namespace === "" || object.metadata.namespace === namespace) &&
    fields.every((part) => {
      const [path, value] = part.split("=") as [string, string];
      const found = path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], object);
      return found === value;
    });
}

function placeOf(path: string): Place | undefined {
  const group = Object.keys(GROUPS).find((one) => path.startsWith(`${one}/`));
  if (group === undefined) return undefined;
  const words = path.slice(group.length + 1).split("/");
  const isInNamespace = words[0] === "namespaces" && words.length > 2;
  const [name, ...rest] = isInNamespace ? words.slice(2) : words;
  const found = GROUPS[group]!.find((one) => one.name === name);
  const namespace = isInNamespace ? words[1]! : "";
  return found && { group, resource: found, namespace, name: rest[0], below: rest[1] };
}

function discovery(path: string): object | undefined {
  if (path === "/version") return { major: "1", minor: "37", gitVersion: "v1.37.0" };
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"] };
  if (path === "/openapi/v3") return { paths: Object.fromEntries(Object.keys(GROUPS).map(schemaPlace)) };
  if (path.startsWith("/openapi/v3/")) return schemaOf(path.slice("/openapi/v3".length));
  if (path === "/apis") {
    const groups = ["apps", "batch"].map((name) => {
      const version = { groupVersion: `${name}/v1`, version: "v1" };
      return { name, versions: [version], preferredVersion: version };
    });
    return { kind: "APIGroupList", apiVersion: "v1", groups };
  }
  if (!(path in GROUPS)) return undefined;
  const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
  const resources = GROUPS[path]!.map((one) => ({ ...one, singularName: one.kind.toLowerCase(), verbs }));
  return { kind: "APIResourceList", groupVersion: path.replace(/^\/apis?\//, ""), resources };
}

const schemaPlace = (group: string) => [group.slice(1), { serverRelativeURL: `/openapi/v3${group}` }];

/** Tells kubectl that the server looks at fields itself, so that it asks for no schema. */
function schemaOf(group: string): object {
  const [version, name = ""] = group
    .replace(/^\/apis?\//, "")
    .split("/")
    .reverse();
  const parameters = [{ name: "fieldValidation", in: "query", schema: { type: "string" } }];
  const paths = (GROUPS[group] ?? []).map((one) => {
    const kind = { group: name, version, kind: one.kind };
    const patch = { parameters, "x-kubernetes-group-version-kind": kind, responses: {} };
    return [`${group}/${one.name}/{name}`, { patch }] as const;
  });
  return { openapi: "3.0.0", info: { title: "Kubernetes", version: "v1" }, paths: Object.fromEntries(paths) };
}

async function bodyOf(request: IncomingMessage): Promise<ApiObject> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString("utf8"));
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function fail(response: ServerResponse, code: number, reason: string, message: string): void {
  send(response, code, { apiVersion: "v1", kind: "Status", status: "Failure", reason, message, code });
}
