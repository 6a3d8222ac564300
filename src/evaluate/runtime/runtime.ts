import type { Docker } from "../../machine/docker/client.ts";
import type { Tools } from "../../tools.ts";
import type { Evidence, PhaseRun } from "../evidence.ts";
import type { Instance } from "../instance.ts";
import type { Owner } from "./owner.ts";

export type Stopped = Extract<Evidence, { kind: "stopped" }>;

/** What tests run in: a result made in another one is not the same result. */
export interface Environment {
  /** As a person knows it: an image's name, a Python. */
  name: string;
  /** Digest of the image, or of all that is installed. */
  digest: string;
  /** Optional kernels that could not be installed in the image: tests that need them fail for that reason. */
  absentKernels?: readonly string[];
}

export interface Limits {
  /** Limit of a whole run of pytest. */
  phaseSeconds: number;
  setUpSeconds: number;
  /** Limit of one test, by the plugin pytest-timeout. */
  testSeconds: number;
  /** Limit of one candidate on one instance, from its repository on. */
  instanceSeconds: number;
}

export interface PhasePlan {
  instance: Instance;
  phase: "before" | "after";
  /** The patched working tree, absolute. */
  tree: string;
  /** Folder of this phase's logs and JUnit files, absolute. */
  results: string;
  /** Numbers of GPUs that are its own for now. */
  gpus: readonly string[];
  /** How often pytest runs. */
  runs: number;
  limits: Limits;
}

export type PhaseOutcome = { kind: "ran"; runs: PhaseRun[]; setUpSeconds: number } | Stopped;

/** What runs a phase: containers, or processes of this machine. */
export interface Runtime {
  kind: "docker" | "local";
  /** Whom to ask for containers that were left; absent: there are none. */
  docker?: Docker;
  /** Found or made once for all instances that share it. */
  environmentOf(instance: Instance, tools: Tools): Promise<Environment | Stopped>;
  /** @param owner notes what is started before it begins. @throws the signal's reason on abort, with all of it ended */
  runPhase(plan: PhasePlan, owner: Owner, tools: Tools): Promise<PhaseOutcome>;
  /** Commands of a phase as they can be pasted into a shell. */
  lines(plan: PhasePlan): string[];
  /** A working tree in which others may have written as another user. */
  removeTree(folder: string): Promise<void>;
}

export const stopped = (step: Stopped["step"], status: Stopped["status"], detail: string): Stopped => ({
  kind: "stopped",
  step,
  status,
  detail,
});
