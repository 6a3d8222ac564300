import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../src/engine/launch/port.ts";
import type { ApiObject, Store } from "./store.ts";

/** What an image of the stand-in runs: a program of Node's with the container's words, on a port of its own. */
export type Images = Record<string, (words: string[], port: number) => string[]>;

interface Run {
  child: ChildProcess | undefined;
  port: number;
  log: string;
  previous: string;
  restarts: number;
  last: object;
}

/** A node's agent: begins the containers of pods as processes of this machine, and writes down how they do. */
export class Kubelet {
  readonly #store: Store;
  readonly #images: Images;
  readonly #runs = new Map<string, Run>();
  readonly #followers = new Map<string, Set<ServerResponse>>();

  constructor(store: Store, images: Images) {
    this.#store = store;
    this.#images = images;
    store.on("change", ({ type, resource, object }) => {
      if (resource === "pods" && type === "ADDED") void this.#begin(object);
    });
  }

  /** Where a pod is reached; undefined: it is not ready. */
  portOf(pod: ApiObject): number | undefined {
    return pod.status?.containerStatuses?.[0]?.ready ? this.#runs.get(pod.metadata.uid)?.port : undefined;
  }

  log(pod: ApiObject, query: URLSearchParams, response: ServerResponse): void {
    const run = this.#runs.get(pod.metadata.uid);
    response.writeHead(200, { "content-type": "text/plain" });
    response.write(query.get("previous") === "true" ? (run?.previous ?? "") : (run?.log ?? ""));
    if (query.get("follow") !== "true" || run?.child === undefined) return void response.end();
    const followers = this.#followers.get(pod.metadata.uid) ?? new Set();
    this.#followers.set(pod.metadata.uid, followers.add(response));
    response.on("close", () => followers.delete(response));
  }

  /** As an operator would, or the kernel: the first container of a pod ends at once. */
  kill(pod: ApiObject): void {
    this.#runs.get(pod.metadata.uid)?.child?.kill("SIGKILL");
  }

  async remove(pod: ApiObject): Promise<void> {
    const run = this.#runs.get(pod.metadata.uid);
    this.#runs.delete(pod.metadata.uid);
    if (run?.child !== undefined) {
      run.child.kill("SIGTERM");
      await once(run.child, "exit");
    }
    this.#store.remove("pods", pod);
  }

  async #begin(pod: ApiObject): Promise<void> {
    await sleep(50);
    const [container] = pod.spec.containers;
    const image = this.#images[container.image];
    const wanted = pod.metadata.labels?.unschedulable;
    if (wanted !== undefined) return this.#unschedulable(pod, wanted);
    pod.spec.nodeName = "node-1";
    if (image === undefined) return this.#missing(pod, container);
    const run: Run = {
      child: undefined,
      port: await freePort("127.0.0.1", 0),
      log: "",
      previous: "",
      restarts: 0,
      last: {},
    };
    this.#runs.set(pod.metadata.uid, run);
    this.#run(pod, image([...(container.command ?? []), ...(container.args ?? [])], run.port), run);
  }

  #run(pod: ApiObject, words: string[], run: Run): void {
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
    Object.assign(run, { child, log: "" });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on("data", (part) => {
        run.log += part;
        for (const follower of this.#followers.get(pod.metadata.uid) ?? []) follower.write(part);
      });
    }
    this.#say(pod, run, { running: { startedAt: new Date().toISOString() } });
    void this.#probe(pod, run);
    child.once("close", (code, signal) => {
      for (const follower of this.#followers.get(pod.metadata.uid) ?? []) follower.end();
      if (this.#runs.get(pod.metadata.uid) === run)
        void this.#ended(pod, words, run, code ?? (signal === "SIGKILL" ? 137 : 143));
    });
  }

  /** The readiness probe. */
  async #probe(pod: ApiObject, run: Run): Promise<void> {
    const { child } = run;
    while (run.child === child && child?.exitCode === null && this.#runs.has(pod.metadata.uid)) {
      const isUp = await fetch(`http://127.0.0.1:${run.port}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isUp) return this.#say(pod, run, { running: {} }, { ready: true });
      await sleep(50);
    }
  }

  /** Begun again at once, and then after a pause. */
  async #ended(pod: ApiObject, words: string[], run: Run, exitCode: number): Promise<void> {
    const isOom = pod.metadata.labels?.oom !== undefined;
    const terminated = { exitCode, reason: isOom ? "OOMKilled" : exitCode === 0 ? "Completed" : "Error" };
    Object.assign(run, { child: undefined, previous: run.log, last: { terminated } });
    if (pod.spec.restartPolicy === "Never") {
      const phase = exitCode === 0 ? "Succeeded" : "Failed";
      return this.#say(pod, run, { terminated }, { phase });
    }
    this.#say(pod, run, { terminated });
    await sleep(30);
    run.restarts += 1;
    if (run.restarts < 2) return this.#run(pod, words, run);
    this.#say(pod, run, {
      waiting: { reason: "CrashLoopBackOff", message: "back-off 10s restarting failed container" },
    });
  }

  #say(pod: ApiObject, run: Run, state: object, { ready = false, phase = "Running" } = {}): void {
    const [{ name, image }] = pod.spec.containers;
    const imageID = `registry.example/${image.split(":")[0]}@sha256:${"ab".repeat(32)}`;
    const status = { name, image, imageID, ready, restartCount: run.restarts, state, lastState: run.last };
    this.#put(pod, {
      phase,
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      containerStatuses: [status],
    });
  }

  #missing(pod: ApiObject, { name, image }: { name: string; image: string }): void {
    const message = `Back-off pulling image "${image}"`;
    const state = { waiting: { reason: "ImagePullBackOff", message } };
    this.#put(pod, { phase: "Pending", containerStatuses: [{ name, image, ready: false, restartCount: 0, state }] });
    this.#event(pod, "Failed", `Failed to pull image "${image}": not found`);
  }

  #unschedulable(pod: ApiObject, what: string): void {
    const message = `0/1 nodes are available: 1 Insufficient ${what}.`;
    const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
    this.#put(pod, { phase: "Pending", conditions: [condition] });
    this.#event(pod, "FailedScheduling", message);
  }

  #event(pod: ApiObject, reason: string, message: string): void {
    const metadata = { name: `${pod.metadata.name}.${pod.metadata.uid}` };
    const involvedObject = { kind: "Pod", name: pod.metadata.name, uid: pod.metadata.uid };
    this.#store.create("events", pod.metadata.namespace!, {
      apiVersion: "v1",
      kind: "Event",
      metadata,
      involvedObject,
      type: "Warning",
      reason,
      message,
    });
  }

  #put(pod: ApiObject, status: object): void {
    if (this.#store.get("pods", pod.metadata.namespace!, pod.metadata.name) !== pod) return;
    pod.status = { conditions: [], ...status };
    this.#store.update("pods", pod);
  }
}
