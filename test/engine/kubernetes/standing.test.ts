import { describe, expect, test } from "vitest";
import { isSelected } from "../../../src/engine/kubernetes/pod.ts";
import { selectorsOf, standingOf } from "../../../src/engine/kubernetes/standing.ts";
import { podOf, stuckPod } from "../../support/pods.ts";

const object = (kind: string, spec: object, status: object = {}, generation = 1) => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "vllm", namespace: "llm", generation },
  spec,
  status,
});
const SELECTOR = { matchLabels: { app: "vllm" } };
const rolledOut = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
const deployment = (status: object, generation?: number) =>
  object("Deployment", { replicas: 1, selector: SELECTOR }, status, generation);

describe("a start is over", () => {
  test("when every workload is rolled out and its pods are ready", () => {
    expect(standingOf([deployment(rolledOut)], [podOf()])).toEqual({ kind: "ready" });
  });

  test("not while pods of an earlier version still serve", () => {
    const rolling = { ...rolledOut, replicas: 2 };
    expect(standingOf([deployment(rolling)], [podOf()])).toMatchObject({
      what: "0 of 1 pods of Deployment/vllm are ready",
    });
  });

  test("not while the controller has not seen what was applied", () => {
    expect(standingOf([deployment(rolledOut, 2)], [podOf()])).toMatchObject({
      what: "Deployment/vllm has not been looked at yet",
    });
  });

  test("not before the decoder is up where the prefill is", () => {
    const decode = { ...deployment({}), metadata: { name: "decode", namespace: "llm" } };
    expect(standingOf([deployment(rolledOut), decode], [podOf()])).toMatchObject({
      kind: "waiting",
      what: "0 of 1 pods of Deployment/decode are ready",
    });
  });

  test("when a service that was there has pods, and all of them are ready", () => {
    expect(standingOf([], [])).toMatchObject({ what: "no pod of the engine is there yet" });
    expect(standingOf([], [podOf()])).toEqual({ kind: "ready" });
    expect(standingOf([], [podOf(), stuckPod({ waiting: { reason: "ContainerCreating" } })])).toMatchObject({
      what: "the pod vllm-0 is not ready (ContainerCreating)",
    });
  });

  test("when a job beside the engine has done its work, or its pods run", () => {
    const job = (status: object) => object("Job", { parallelism: 1, completions: 1 }, status);
    expect(standingOf([job({ succeeded: 1 })], [podOf()])).toEqual({ kind: "ready" });
    expect(standingOf([job({ ready: 1 })], [podOf()])).toEqual({ kind: "ready" });
    expect(standingOf([job({})], [podOf()])).toMatchObject({ what: "0 of 1 pods of Job/vllm are ready" });
  });

  test("of a stateful set when all of its pods are of the newest version", () => {
    const set = (status: object) => object("StatefulSet", { replicas: 2 }, status);
    expect(standingOf([set({ readyReplicas: 2, updatedReplicas: 1 })], [podOf()])).toMatchObject({
      what: "1 of 2 pods of StatefulSet/vllm are ready",
    });
    expect(standingOf([set({ readyReplicas: 2, updatedReplicas: 2 })], [podOf()])).toEqual({ kind: "ready" });
  });
});

test("a job that failed for good ends the start, with what is wrong with its pods", () => {
  const message = "Job has reached the specified backoff limit";
  const status = { failed: 1, conditions: [{ type: "Failed", status: "True", message }] };
  const owned = { ownerReferences: [{ kind: "Job" }] };
  const terminated = { exitCode: 1 };
  const pod = podOf({
    metadata: owned,
    status: { ready: false, state: { terminated } },
    podStatus: { phase: "Failed" },
  });
  const standing = standingOf([object("Job", {}, status)], [pod]);
  expect(standing).toMatchObject({ kind: "failed", what: `Job/vllm failed: ${message}` });
  expect(standing).toMatchObject({ troubles: [{ crashed: { container: "vllm", restarted: false } }] });
});

test("an evicted pod whose controller has made another one holds nobody up", () => {
  const evicted = podOf({
    name: "vllm-old",
    metadata: { ownerReferences: [{ kind: "ReplicaSet" }] },
    podStatus: { phase: "Failed", reason: "Evicted", conditions: [], containerStatuses: [] },
  });
  expect(standingOf([deployment(rolledOut)], [evicted, podOf()])).toEqual({ kind: "ready" });
});

test("pods that a quota forbids are told by the workload", () => {
  const message = "exceeded quota: gpus";
  const conditions = [{ type: "ReplicaFailure", status: "True", message }];
  expect(standingOf([deployment({ ...rolledOut, conditions })], [])).toMatchObject({
    what: `Deployment/vllm cannot make its pods: ${message}`,
  });
});

describe("pods of an engine", () => {
  const isOf = (spec: object, kind = "Deployment") => isSelected(podOf(), selectorsOf([object(kind, spec)]));

  test("are those that a workload selects by labels and expressions", () => {
    expect(isOf({ selector: SELECTOR })).toBe(true);
    expect(isOf({ selector: { matchLabels: { app: "other" } } })).toBe(false);
    const expression = (operator: string, values?: string[]) => ({
      selector: { matchExpressions: [{ key: "app", operator, values }] },
    });
    expect(isOf(expression("In", ["vllm", "sglang"]))).toBe(true);
    expect(isOf(expression("NotIn", ["vllm"]))).toBe(false);
    expect(isOf(expression("Exists"))).toBe(true);
    expect(isOf(expression("DoesNotExist"))).toBe(false);
  });

  test("are those that a service leads to, and none for a service without a selector", () => {
    expect(isOf({ selector: { app: "vllm" } }, "Service")).toBe(true);
    expect(isOf({}, "Service")).toBe(false);
  });

  test("are not those of another namespace", () => {
    const elsewhere = { ...deployment({}), metadata: { name: "vllm", namespace: "other" } };
    expect(isSelected(podOf(), selectorsOf([elsewhere]))).toBe(false);
  });
});
