import { EventEmitter } from "node:events";

export interface Labels {
  [name: string]: string;
}

/** An object of the API, as JSON has it. */
export interface ApiObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    generation: number;
    creationTimestamp: string;
    labels?: Labels;
    deletionTimestamp?: string;
    ownerReferences?: { uid: string; kind: string; name: string; apiVersion: string }[];
  };
  // biome-ignore lint/suspicious/noExplicitAny: the objects of all kinds, which tests look into
  spec?: any;
  // biome-ignore lint/suspicious/noExplicitAny: likewise
  status?: any;
  [field: string]: unknown;
}

export interface Change {
  version: number;
  type: "ADDED" | "MODIFIED" | "DELETED";
  resource: string;
  object: ApiObject;
}

/** What etcd is to a real API server: every object by its place, with a version for each change. */
export class Store extends EventEmitter<{ change: [Change] }> {
  readonly #objects = new Map<string, ApiObject>();
  readonly #history: Change[] = [];
  #version = 1;

  get version(): string {
    return String(this.#version);
  }

  /** What happened after a version, for a watch that begins at it. */
  since(version: number): Change[] {
    return this.#history.filter((change) => change.version > version);
  }

  list(resource: string, namespace?: string): ApiObject[] {
    return [...this.#objects]
      .filter(([key]) => key.startsWith(`${resource}/${namespace === undefined ? "" : `${namespace}/`}`))
      .map(([, object]) => object);
  }

  get(resource: string, namespace: string, name: string): ApiObject | undefined {
    return this.#objects.get(`${resource}/${namespace}/${name}`);
  }

  create(resource: string, namespace: string, given: Omit<ApiObject, "metadata"> & { metadata: object }): ApiObject {
    const uid = `uid-${this.#version}`;
    const made = { uid, generation: 1, creationTimestamp: new Date().toISOString().replace(/\.\d+/, "") };
    const place = namespace === "" ? {} : { namespace };
    const object = { ...given, metadata: { ...given.metadata, ...place, ...made } } as ApiObject;
    this.#put("ADDED", resource, object);
    return object;
  }

  /** @param isSpec a change of what is wanted, which makes a new generation */
  update(resource: string, object: ApiObject, { isSpec = false } = {}): ApiObject {
    if (isSpec) object.metadata.generation += 1;
    this.#put("MODIFIED", resource, object);
    return object;
  }

  remove(resource: string, object: ApiObject): void {
    if (this.#objects.delete(keyOf(resource, object))) this.#tell("DELETED", resource, object);
  }

  #put(type: "ADDED" | "MODIFIED", resource: string, object: ApiObject): void {
    this.#objects.set(keyOf(resource, object), object);
    this.#tell(type, resource, object);
  }

  #tell(type: Change["type"], resource: string, object: ApiObject): void {
    this.#version += 1;
    object.metadata.resourceVersion = this.version;
    const change = { version: this.#version, type, resource, object };
    this.#history.push(change);
    this.emit("change", change);
  }
}

const keyOf = (resource: string, { metadata }: ApiObject) => `${resource}/${metadata.namespace ?? ""}/${metadata.name}`;

/** Whether labels are those that a selector of `matchLabels` asks for. */
export const matches = (labels: Labels = {}, wanted: Labels = {}) =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);
