import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { stopEngine } from "../../src/engine/stop.ts";
import { watchEngine } from "../../src/engine/watch/watch.ts";
import { Run } from "../../src/result/document/run.ts";
import { processesMarked, runningAs } from "../support/seeded-kills.ts";
import { json, jsonIfThere, until } from "../vllm/pitwall.ts";
import { deployment, service, workplace } from "./place.ts";

const SIMULATED = { image: "org/simulated:1", args: ["serve", "sim/h100-8b", "--max-model-len", "4096"] };
const GPU = { "nvidia.com/gpu": 2 };
const SERVING = ["--pairs", "50:5", "--request-rate", "10", "--num-prompts", "10", "--warmup-requests", "1"];

describe("an engine in a cluster", () => {
  test("is measured by a whole run at its node port, and leaves nothing", async () => {
    await using place = await workplace();
    const manifest = place.manifest([deployment({ ...SIMULATED, limits: GPU }), service()]);
    const engine = ["--engine", "kubernetes", "--manifest", manifest, "--benchmarks", "serve-benchmark"];
    const { exitCode, stderr } = await place.pitwall("run", ...engine, ...SERVING, "--skip-site").ended;
    expect({ exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, stderr: "" });
    const run = Run.parse(json(join(place.output, "run.json")));
    expect(run.cells.map(({ id, status }) => [id, status])).toEqual([["serve-benchmark/in_50_out_5_rate_10", "ok"]]);
    expect(run.engine).toMatchObject({
      kind: "kubernetes",
      image: "org/simulated:1",
      imageDigest: expect.stringMatching(/^registry\.example\/org\/simulated@sha256:/),
      args: ["--max-model-len", "4096"],
    });
    expect(run.host).toMatchObject({ gpu: "NVIDIA-H100-80GB-HBM3", gpuCount: 2, driver: "570.86.15" });
    expect(place.cluster.names()).toEqual([]);
    expect(readFileSync(join(place.output, "logs/engine.log"), "utf8")).toContain("simulated engine listening");
  });

  test("may be several workloads in a folder, of which each must be up", async () => {
    await using place = await workplace();
    place.manifest([deployment({ name: "prefill" })], "manifests/prefill.yaml");
    place.manifest(
      [deployment({ name: "decode", args: ["serve", "org/model", "--fake-ready-after", "1500"] })],
      "manifests/decode.yaml",
    );
    place.manifest([service("decode")], "manifests/service.yaml");
    const record = await place.start({ manifest: place.folder.getPath("manifests"), namespace: "llm" });
    expect(record.secondsToReady).toBeGreaterThan(1.5);
    expect(record.args).toEqual(["--fake-ready-after", "1500"]);
    const log = readFileSync(record.logFile!, "utf8");
    expect(log).toContain("[pod/decode-0/vllm] environment");
    expect(log).toContain("[pod/prefill-0/vllm] environment");
    await stopEngine(record);
    expect(place.cluster.names()).toEqual([]);
  });

  test("may be there already, and then stays", async () => {
    await using place = await workplace();
    const manifest = place.manifest([deployment(), service()]);
    const first = await place.start({ manifest });
    const output = place.folder.getPath("second");
    const second = await place.start({ service: "vllm", namespace: "default" }, { output });
    expect(second).toMatchObject({ baseUrl: first.baseUrl, cluster: { objects: [] } });
    await stopEngine(second);
    expect(place.cluster.names()).toEqual(["Deployment/vllm", "Pod/vllm-0", "Service/vllm"]);
  });

  test("keeps a claim of storage that was there before it, with the weights in it", async () => {
    await using place = await workplace();
    const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "weights" }, spec: {} };
    place.cluster.store.create("persistentvolumeclaims", "default", claim);
    const record = await place.start({ manifest: place.manifest([claim, deployment(), service()]) });
    await stopEngine(record);
    expect(place.cluster.names()).toEqual(["PersistentVolumeClaim/weights"]);
    expect(place.tools.said).toContain(
      "info: PersistentVolumeClaim/weights was there before and stays when the engine is stopped",
    );
  });

  test("holds no secret of its manifest in its record", async () => {
    await using place = await workplace();
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "hf" }, stringData: { token: "hf_hush" } };
    const record = await place.start({ manifest: place.manifest([secret, deployment(), service()]) });
    expect(JSON.stringify(record)).not.toContain("hf_hush");
    await stopEngine(record);
    expect(place.cluster.names()).toEqual([]);
  });
});

describe("a tunnel", () => {
  test("leads to a service without a node port, with a warning, and is opened again when it ends", async () => {
    await using place = await workplace();
    const manifest = place.manifest([deployment(), service()]);
    const output = place.folder.getPath("first");
    const first = await place.start({ manifest }, { output });
    await place.useTunnel(new URL(first.baseUrl!).port);
    const record = await place.start({ service: "vllm", access: "port-forward" });
    expect(new URL(record.baseUrl!).hostname).toBe("127.0.0.1");
    expect(place.tools.said).toContainEqual(expect.stringContaining("go through kubectl port-forward"));
    const tunnel = runningAs(processesMarked(place.folder.path), "support/fake-tunnel.ts")!;
    process.kill(tunnel);
    const isUp = () =>
      fetch(`${record.baseUrl}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(isUp, { timeout: 20_000 }).toBe(true);
    expect(runningAs(processesMarked(place.folder.path), "support/fake-tunnel.ts")).not.toBe(tunnel);
    await stopEngine(record);
    expect(runningAs(processesMarked(place.folder.path), "support/fake-tunnel.ts")).toBe(undefined);
    await stopEngine(first);
  });
});

describe("the end of an engine that was up", () => {
  test("is noticed when its container dies, with its last words", async () => {
    await using place = await workplace();
    const record = await place.start({ manifest: place.manifest([deployment(), service()]) });
    const watch = watchEngine(record);
    place.cluster.kubelet.kill(place.cluster.store.list("pods")[0]!);
    expect(await watch.died).toMatchObject({
      reason: "engine_crashed",
      detail: expect.stringContaining("the container vllm of the pod vllm-0 ended (Error, exit code 137)"),
      logTail: expect.stringContaining("environment"),
    });
    watch.close();
    await stopEngine(record);
    expect(place.cluster.names()).toEqual([]);
  });

  test("is noticed with its last words where a watch says nothing", async () => {
    await using place = await workplace();
    await place.useBlindWatch();
    const record = await place.start({ manifest: place.manifest([deployment(), service()]) });
    const watch = watchEngine(record);
    place.cluster.kubelet.kill(place.cluster.store.list("pods")[0]!);
    expect(await watch.died).toMatchObject({
      detail: expect.stringContaining("the container vllm of the pod vllm-0 ended"),
      logTail: expect.stringContaining("environment"),
    });
    watch.close();
    await stopEngine(record);
  });

  test("is noticed when its pod is deleted", async () => {
    await using place = await workplace();
    const record = await place.start({ manifest: place.manifest([deployment(), service()]) });
    const watch = watchEngine(record);
    await place.cluster.kubelet.remove(place.cluster.store.list("pods")[0]!);
    expect((await watch.died).detail).toContain("the pod vllm-0 was deleted");
    watch.close();
    await stopEngine(record);
  });
});

describe("what a killed pitwall left", () => {
  test("while the engine came up is deleted by --stop", async () => {
    await using place = await workplace();
    const manifest = place.manifest([
      deployment({ args: ["serve", "org/model", "--fake-ready-after", "60000"] }),
      service(),
    ]);
    const started = place.pitwall("start-engine", "--engine", "kubernetes", "--manifest", manifest);
    await until(() => (place.cluster.names().includes("Pod/vllm-0") ? true : undefined), started);
    started.child.kill("SIGKILL");
    await started.ended;
    const { exitCode, stdout } = await place.pitwall("start-engine", "--stop").ended;
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("the engine was stopped"),
    });
    expect(place.cluster.names()).toEqual([]);
  });

  test("is deleted by the next start, though the manifest has changed", async () => {
    await using place = await workplace();
    const manifest = place.manifest([deployment({ name: "old" }), service("old")]);
    await place.start({ manifest });
    await place.start({ manifest: place.manifest([deployment({ name: "new" }), service("new")]) });
    expect(place.cluster.names()).toEqual(["Deployment/new", "Pod/new-0", "Service/new"]);
    expect(place.tools.said).toContain(
      `warning: the engine that was started in ${place.output} before (Deployment/old, Service/old) still runs; stopping it`,
    );
  });

  test("is deleted on an interruption, which is no failure of the engine", async () => {
    await using place = await workplace();
    const manifest = place.manifest([
      deployment({ args: ["serve", "org/model", "--fake-ready-after", "60000"] }),
      service(),
    ]);
    const started = place.pitwall("start-engine", "--engine", "kubernetes", "--manifest", manifest);
    await until(() => jsonIfThere(join(place.output, "engine.starting.json"))?.pid ?? undefined, started);
    await sleep(500);
    started.child.kill("SIGINT");
    const { exitCode, stderr } = await started.ended;
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("cancelled while the engine was starting; what its manifest made was deleted");
    expect(place.cluster.names()).toEqual([]);
  });
});
