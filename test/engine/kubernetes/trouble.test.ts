import { describe, expect, test } from "vitest";
import { troubleOf } from "../../../src/engine/kubernetes/trouble.ts";
import { podOf, stuckPod } from "../../support/pods.ts";

const CRASH_LOOP = { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s restarting failed container" } };
const after = (terminated: object) => ({ restartCount: 3, lastState: { terminated } });

test("a pod that runs, is being made or has done its work has no trouble", () => {
  expect(troubleOf(podOf())).toBe(undefined);
  expect(troubleOf(stuckPod({ waiting: { reason: "ContainerCreating" } }))).toBe(undefined);
  expect(troubleOf(podOf({ podStatus: { phase: "Succeeded" } }))).toBe(undefined);
});

test("a first failed pull may be followed by one that succeeds, the pause after it tells of a missing image", () => {
  expect(troubleOf(stuckPod({ waiting: { reason: "ErrImagePull" } }))).toBe(undefined);
  const message = 'Back-off pulling image "org/vllm:1"';
  expect(troubleOf(stuckPod({ waiting: { reason: "ImagePullBackOff", message } }))).toMatchObject({
    reason: "image_missing",
    cause: `the image org/vllm:1 of the container vllm of the pod vllm-0 cannot be had (ImagePullBackOff): ${message}`,
    patienceSeconds: 0,
  });
});

test("a container that ended is begun again at once, so that only the pause after it counts", () => {
  expect(troubleOf(stuckPod({ terminated: { exitCode: 1, reason: "Error" } }))).toBe(undefined);
  expect(troubleOf(stuckPod(CRASH_LOOP, after({ exitCode: 1, reason: "Error" })))).toMatchObject({
    reason: "engine_crashed",
    cause: "the container vllm of the pod vllm-0 ended with exit code 1",
    crashed: { container: "vllm", restarted: true, killed: false },
  });
});

test("a container without memory names its limit", () => {
  const pod = stuckPod(CRASH_LOOP, after({ exitCode: 137, reason: "OOMKilled" }));
  pod.spec.containers[0]!.resources = { limits: { memory: "16Gi" } };
  expect(troubleOf(pod)).toMatchObject({
    reason: "out_of_memory",
    cause: "the container vllm of the pod vllm-0 was killed because main memory ran out (OOMKilled, its limit is 16Gi)",
  });
});

test("a program that is not in the image is no crash of an engine", () => {
  const message = 'exec: "vllm": executable file not found in $PATH';
  const pod = stuckPod(CRASH_LOOP, after({ exitCode: 128, reason: "StartError", message }));
  expect(troubleOf(pod)).toMatchObject({ reason: "environment", cause: expect.stringContaining(message) });
});

describe("what may pass by itself", () => {
  test("is given until the end of the start where no node has room", () => {
    const message = "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.";
    const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
    const pod = podOf({ podStatus: { phase: "Pending", conditions: [condition], containerStatuses: null } });
    expect(troubleOf(pod)).toMatchObject({
      reason: "environment",
      cause: `no node takes the pod vllm-0: ${message}`,
      patienceSeconds: Number.POSITIVE_INFINITY,
    });
  });

  test("is given half a minute where a secret is missing that may be applied after the pod", () => {
    const waiting = { reason: "CreateContainerConfigError", message: 'secret "hf" not found' };
    expect(troubleOf(stuckPod({ waiting }))).toMatchObject({ reason: "environment", patienceSeconds: 30 });
  });
});

test("a pod without a controller that was evicted is the engine's end, and the node says why", () => {
  const message = "The node was low on resource: ephemeral-storage.";
  const pod = podOf({ podStatus: { phase: "Failed", reason: "Evicted", message, containerStatuses: [] } });
  expect(troubleOf(pod)?.cause).toBe(`the pod vllm-0 failed (Evicted): ${message}`);
});

test("an init container that fails is named", () => {
  const init = { name: "download", restartCount: 2, state: CRASH_LOOP, lastState: { terminated: { exitCode: 3 } } };
  const pod = podOf({ podStatus: { phase: "Pending", initContainerStatuses: [init], containerStatuses: [] } });
  expect(troubleOf(pod)?.crashed).toEqual({ container: "download", restarted: true, killed: false });
});
