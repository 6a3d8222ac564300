import { existsSync } from "node:fs";
import type { z } from "zod";
import type { KubernetesOptions } from "../../engine/kubernetes/plan.ts";
import { ACCESSES } from "../../engine/kubernetes/route.ts";
import { UsageError } from "../../errors.ts";
import { present } from "../../result/present.ts";
import { choice, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { portNumber } from "../schema/number-fields.ts";

const ACCESS = "auto";

export const kubernetesInputs = inGroup("Kubernetes", {
  manifest: text(
    "With engine kubernetes: what kubectl applies, and deletes at the stop; a file, a folder of them, or one with a kustomization (default: nothing, the service is there already).",
    "FILE|DIR",
  ).optional(),
  namespace: text("Namespace of its objects (default: the manifest's, else the context's).", "NAME").optional(),
  service: text("Service that leads to the engine (default: the only one of the manifest).", "NAME").optional(),
  servicePortName: text("Name of the service's port (default: its only one, or http).", "NAME").optional(),
  nodePort: portNumber("Port of the nodes that leads to the service (default: the one that it has).", 1).optional(),
  pathPrefix: text("What comes before /v1 and /health in the paths, as behind an ingress.", "PATH").optional(),
  access: choice(
    ACCESSES,
    "How the service is reached: node-port at a node's InternalIP; port-forward through a tunnel of kubectl's, to one pod; service by its name, from inside the cluster. auto: node-port where it has one, else port-forward.",
  ).default(ACCESS),
  kubeContext: text("Context of the kubeconfig, which is KUBECONFIG's (default: its current one).", "NAME").optional(),
});

/** Verbs that start engines of other kinds only have none of them. */
export type ClusterInputs = Partial<z.output<z.ZodObject<typeof kubernetesInputs>>>;

/** @throws UsageError when inputs of an engine in a cluster do not fit together, or the manifest is not there */
export function kubernetesOptions(inputs: ClusterInputs): KubernetesOptions {
  const { manifest, namespace, service, servicePortName, nodePort, pathPrefix, access = ACCESS, kubeContext } = inputs;
  if (manifest === undefined && service === undefined) {
    throw new UsageError(
      "--engine kubernetes needs a --manifest to apply, or the --service of an engine that is there",
    );
  }
  if (manifest !== undefined && !existsSync(manifest)) {
    throw new UsageError(`--manifest: there is no file or folder ${manifest}`);
  }
  for (const [flag, name] of Object.entries({ namespace, service, "kube-context": kubeContext })) {
    if (name !== undefined && /^-|\s/.test(name)) throw new UsageError(`--${flag}: “${name}” is no name`);
  }
  if (nodePort !== undefined && (access === "service" || access === "port-forward")) {
    throw new UsageError(`--node-port goes with --access node-port, not with --access ${access}`);
  }
  return {
    access,
    ...present({ manifest, namespace, service, servicePortName, nodePort, pathPrefix, context: kubeContext }),
  };
}

/** @throws UsageError when an engine that is in no cluster is given inputs of one */
export function refuseKubernetesInputs(kind: string, inputs: ClusterInputs): void {
  const given = Object.keys(kubernetesInputs).filter((key) => {
    const value = inputs[key as keyof ClusterInputs];
    return value !== undefined && !(key === "access" && value === ACCESS);
  });
  const [key] = given;
  if (key === undefined) return;
  const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${flag} goes with --engine kubernetes, not with --engine ${kind}`);
}
