import type { EngineRecord } from "../result/document/engine-record.ts";
import type { DockerOptions } from "./docker/run.ts";
import type { KubernetesOptions } from "./kubernetes/plan.ts";
import type { LocalKind } from "./launch/command.ts";
import type { OnOom } from "./shrink.ts";

export interface LocalEngine {
  kind: LocalKind;
  /** The working folder `<out>`. */
  output: string;
  model: string;
  engineArgs: readonly string[];
  host: string;
  /** 0 picks a free port; absent takes the kind's default. */
  port?: number | undefined;
  /** File for the truth log of a simulated engine. */
  truth?: string | undefined;
  startTimeoutSeconds: number;
  /** Between two looks at /health. */
  pollSeconds?: number | undefined;
  /** The engine's working folder; absent: ours. */
  workingDir?: string | undefined;
  /** A shell file that is sourced first, and its arguments. */
  envScript?: readonly string[] | undefined;
  onOom?: OnOom | undefined;
  shrunk?: EngineRecord["shrunk"];
  /** Name of its log in `<out>/logs`; absent: `engine`. */
  logName?: string | undefined;
}

/** An engine inside a container of any vLLM image. */
export interface ContainerEngine {
  kind: "docker";
  docker: DockerOptions;
  output: string;
  model: string;
  engineArgs: readonly string[];
  host: string;
  port?: number | undefined;
  startTimeoutSeconds: number;
  pollSeconds?: number | undefined;
  onOom?: OnOom | undefined;
  shrunk?: EngineRecord["shrunk"];
  logName?: string | undefined;
}

/** An engine that a manifest makes in a cluster, or that is there already. */
export interface ClusterEngine {
  kind: "kubernetes";
  kubernetes: KubernetesOptions;
  output: string;
  /** Absent: the first one that it lists. */
  model?: string | undefined;
  /** This end of a tunnel; 0 or absent: any free one. */
  port?: number | undefined;
  startTimeoutSeconds: number;
  pollSeconds?: number | undefined;
}

interface RemoteEngine {
  kind: "remote";
  output: string;
  baseUrl: string;
  model?: string | undefined;
  startTimeoutSeconds: number;
  pollSeconds?: number | undefined;
}

export type Engine = LocalEngine | ContainerEngine | ClusterEngine | RemoteEngine;
