import { expect, test } from "vitest";
import { baselineOf, endByList, endOf } from "../../../../src/engine/kubernetes/keeper/engine-end.ts";
import { podOf, stuckPod } from "../../../support/pods.ts";

const before = baselineOf([podOf(), podOf({ name: "download", podStatus: { phase: "Succeeded" } })]);
const changed = (pod: ReturnType<typeof podOf>, type = "MODIFIED") => endOf({ type, pod }, before);

test("an engine goes on while its containers do", () => {
  expect(changed(podOf())).toBe(undefined);
});

test("a container that ended, or was begun anew meanwhile, is the end", () => {
  const terminated = { exitCode: 137, reason: "OOMKilled" };
  const end = "the container vllm of the pod vllm-0 ended (OOMKilled, exit code 137)";
  expect(changed(stuckPod({ terminated }))).toBe(end);
  expect(changed(podOf({ status: { restartCount: 1, lastState: { terminated } } }))).toBe(end);
});

test("how often a container was begun before the engine came up does not matter", () => {
  const restarted = podOf({ status: { restartCount: 2 } });
  expect(endOf({ type: "MODIFIED", pod: restarted }, baselineOf([restarted]))).toBe(undefined);
});

test("a pod that is deleted or evicted is the end", () => {
  const deletionTimestamp = "2026-11-30T12:00:00Z";
  expect(changed(podOf(), "DELETED")).toBe("the pod vllm-0 was deleted");
  expect(changed(podOf({ metadata: { deletionTimestamp } }))).toBe("the pod vllm-0 was deleted");
  const message = "Preempted in order to admit critical pod";
  const evicted = podOf({ podStatus: { phase: "Failed", reason: "Preempting", message, containerStatuses: [] } });
  expect(changed(evicted)).toBe(`the pod vllm-0 failed (Preempting): ${message}`);
});

test("pods that had done their work, or came later, say nothing", () => {
  expect(changed(podOf({ name: "download" }), "DELETED")).toBe(undefined);
  expect(changed(podOf({ name: "another" }), "DELETED")).toBe(undefined);
});

test("nothing is an end before the engine is up", () => {
  expect(endOf({ type: "DELETED", pod: podOf() }, [])).toBe(undefined);
});

test("a list that lacks a pod tells of its end, whoever missed it", () => {
  expect(endByList([podOf()], before)).toBe(undefined);
  expect(endByList([podOf({ name: "another" })], before)).toBe("the pod vllm-0 was deleted");
  expect(endByList([podOf({ status: { restartCount: 1 } })], before)).toBe(
    "the container vllm of the pod vllm-0 ended",
  );
});
