import type { Reason } from "../../result/document/reason.ts";
import { type ContainerStatus, conditionOf, type Pod, statusesOf } from "./pod.ts";

/** The id tells a pod from an earlier one of the same name, of which the cluster still has events. */
export interface PodName {
  name: string;
  namespace: string;
  uid: string | undefined;
}

/** What keeps a pod from serving. */
export interface Trouble {
  pod: PodName;
  reason: Reason;
  /** One sentence without what to do. */
  cause: string;
  fix: string;
  /** For how long it may pass by itself; 0: it does not. */
  patienceSeconds: number;
  /** Set where the container's own log says why. */
  crashed?: { container: string; restarted: boolean; killed: boolean };
}

/** A secret or volume that is applied after the pod comes within seconds. */
const SETTLING_SECONDS = 30;
/** Other pods may end, and clusters grow: as long as the start may take. */
const UNTIL_THE_END = Number.POSITIVE_INFINITY;

/** The first thing that is wrong with a pod, its containers in their order. Pure. */
export function troubleOf(pod: Pod): Trouble | undefined {
  if (pod.status.phase === "Succeeded") return undefined;
  for (const status of statusesOf(pod)) {
    const found = ofContainer(status, pod);
    if (found !== undefined) return found;
  }
  return ofPod(pod);
}

const named = ({ metadata }: Pod): PodName => ({
  name: metadata.name,
  namespace: metadata.namespace ?? "default",
  uid: metadata.uid,
});

function ofPod(pod: Pod): Trouble | undefined {
  const { phase, reason, message, conditions } = pod.status;
  const { name } = pod.metadata;
  const scheduled = conditionOf(conditions, "PodScheduled");
  if (phase === "Pending" && scheduled?.status === "False") {
    const why = scheduled.message ?? scheduled.reason ?? "no node was found";
    const fix = "free what is missing, add a node that has it, or ask for less in the manifest's resources";
    const cause = `no node takes the pod ${name}: ${why}`;
    return { pod: named(pod), reason: "environment", cause, fix, patienceSeconds: UNTIL_THE_END };
  }
  if (phase !== "Failed") return undefined;
  const cause = `the pod ${name} failed${reason ? ` (${reason})` : ""}${message ? `: ${message}` : ""}`;
  return { pod: named(pod), reason: "environment", cause, fix: LOOK(pod), patienceSeconds: 0 };
}

const LOOK = ({ metadata }: Pod) =>
  `kubectl describe pod ${metadata.name} -n ${metadata.namespace ?? "default"} says more`;

const IMAGE = /^(ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError)$/;
const NOT_MADE =
  /^(CreateContainerConfigError|CreateContainerError|RunContainerError|PreCreateHookError|PreStartHookError)$/;
/** The container's program was never begun. */
const NOT_BEGUN = /^(StartError|ContainerCannotRun)$/;

function ofContainer(status: ContainerStatus, pod: Pod): Trouble | undefined {
  const { name, state, image } = status;
  const { reason = null, message = null } = state?.waiting ?? {};
  const where = `the container ${name} of the pod ${pod.metadata.name}`;
  const said = message ? `: ${message}` : "";
  if (reason !== null && IMAGE.test(reason)) {
    const cause = `the image ${image ?? "?"} of ${where} cannot be had (${reason})${said}`;
    const fix = "check its name and tag, and imagePullSecrets where its registry wants a login";
    return { pod: named(pod), reason: "image_missing", cause, fix, patienceSeconds: 0 };
  }
  if (reason !== null && NOT_MADE.test(reason)) {
    const cause = `${where} could not be made (${reason})${said}`;
    return { pod: named(pod), reason: "environment", cause, fix: LOOK(pod), patienceSeconds: SETTLING_SECONDS };
  }
  return ofEnd(status, where, pod);
}

/** A container that ended, and is not begun again or only after a while. */
function ofEnd(status: ContainerStatus, where: string, pod: Pod): Trouble | undefined {
  const isBackingOff = status.state?.waiting?.reason === "CrashLoopBackOff";
  const ended = status.state?.terminated ?? (isBackingOff ? status.lastState?.terminated : undefined);
  if (isBackingOff && ended == null) return crash(status, where, pod, { exitCode: 1 });
  if (ended == null) return undefined;
  // It may be begun again at once; an init container has done its work.
  const isOver = isBackingOff || pod.status.phase === "Failed";
  return isOver && (ended.exitCode !== 0 || isBackingOff) ? crash(status, where, pod, ended) : undefined;
}

interface End {
  exitCode: number;
  reason?: string | null | undefined;
  message?: string | null | undefined;
}

function crash(status: ContainerStatus, where: string, pod: Pod, { exitCode, reason, message }: End): Trouble {
  const common = { pod: named(pod), patienceSeconds: 0 };
  if (reason === "OOMKilled") {
    const limit = limitOf(pod, status.name, "memory");
    const cause = `${where} was killed because main memory ran out (OOMKilled${limit === undefined ? "" : `, its limit is ${limit}`})`;
    return { ...common, reason: "out_of_memory", cause, fix: "raise resources.limits.memory in the manifest" };
  }
  const cause = `${where} ended with exit code ${exitCode}`;
  if (reason && NOT_BEGUN.test(reason)) {
    const program = `${where} could not be started${message ? `: ${message}` : ""}`;
    return {
      ...common,
      reason: "environment",
      cause: program,
      fix: "check its image, command and args in the manifest",
    };
  }
  const crashed = { container: status.name, restarted: status.state?.terminated == null, killed: exitCode === 137 };
  return { ...common, reason: "engine_crashed", cause, fix: LOOK(pod), crashed };
}

function limitOf({ spec }: Pod, container: string, resource: string): string | undefined {
  const limit = spec.containers.find(({ name }) => name === container)?.resources?.limits?.[resource];
  return limit === undefined ? undefined : String(limit);
}
