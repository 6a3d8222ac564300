import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { findKubectl, type Kubectl, kubectlPrints, NO_KUBECTL } from "../../machine/kubernetes/client.ts";
import {
  type AnyObject,
  findObjects,
  nameOf,
  type ObjectName,
  printedObjects,
  shownName,
} from "../../machine/kubernetes/objects.ts";
import type { Tools } from "../../tools.ts";
import { EngineError } from "../engine-error.ts";
import type { RouteOptions } from "./route.ts";

/** What a user may say about an engine in a cluster. */
export interface KubernetesOptions extends RouteOptions {
  /** File or folder; absent: the service is there already. */
  manifest?: string | undefined;
  /** Absent: that of the context, or of the manifest's objects. */
  namespace?: string | undefined;
  /** Absent: the only one of the manifest. */
  service?: string | undefined;
  /** Absent: the kubeconfig's current one. */
  context?: string | undefined;
}

export interface ClusterPlan {
  kubectl: Kubectl;
  /** Arguments that name the manifest to kubectl; empty without one. */
  manifest: string[];
  /** What the manifest makes. */
  objects: ObjectName[];
  /** What of it goes when the engine is stopped. */
  doomed: ObjectName[];
  service: { name: string; namespace: string | undefined };
}

/** @throws EngineError (environment) when there is no kubectl */
export function kubectlOf(env: NodeJS.ProcessEnv, context?: string): Kubectl {
  const kubectl = findKubectl(env, context);
  if (kubectl !== undefined) return kubectl;
  throw environment(NO_KUBECTL);
}

const environment = (detail: string) => new EngineError({ reason: "environment", detail });

/**
 * What a start is going to make; nothing in the cluster is changed yet.
 * @throws EngineError (environment) when there is no kubectl, or the manifest leads to no service
 * @throws UserError in kubectl's words, when it cannot read the manifest or reach the cluster
 */
export async function planCluster(options: KubernetesOptions, tools: Tools): Promise<ClusterPlan> {
  const { manifest: path, namespace, service, context } = options;
  const kubectl = kubectlOf(tools.env, context);
  const place = namespace === undefined ? [] : ["--namespace", namespace];
  if (path === undefined) {
    return { kubectl, manifest: [], objects: [], doomed: [], service: { name: service!, namespace } };
  }
  const manifest = [...place, ...manifestArguments(path)];
  const made = await dryRun(kubectl, path, manifest, tools);
  const objects = made.map(nameOf);
  const found = (await findObjects(kubectl, objects, tools)).map(nameOf);
  warnOfFound(found, tools);
  const doomed = objects.filter((object) => !(STAYS.has(object.kind) && found.some((one) => isSame(one, object))));
  return { kubectl, manifest, objects, doomed, service: serviceOf(objects, options) };
}

/** As kubectl takes it: a folder with a kustomization is built, any other has its files applied. */
export function manifestArguments(path: string): string[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
  return [isFolder && names.some((name) => existsSync(join(path, name))) ? "-k" : "-f", path];
}

async function dryRun(kubectl: Kubectl, path: string, manifest: string[], tools: Tools): Promise<AnyObject[]> {
  const args = ["apply", "--dry-run=client", "-o", "json", ...manifest];
  const made = printedObjects(await kubectlPrints(`--manifest ${path} cannot be applied`, kubectl, args, tools));
  if (made.length > 0) return made;
  throw environment(`--manifest ${path} makes no object`);
}

/** They hold what others made: files, a model's weights, other objects. */
const STAYS = new Set(["Namespace", "PersistentVolumeClaim", "PersistentVolume", "CustomResourceDefinition"]);

const isSame = (one: ObjectName, other: ObjectName) =>
  one.kind === other.kind && one.name === other.name && one.namespace === other.namespace;

function warnOfFound(found: readonly ObjectName[], { report }: Tools): void {
  const names = (some: ObjectName[]) => some.map(shownName).join(", ");
  const stays = found.filter(({ kind }) => STAYS.has(kind));
  const goes = found.filter(({ kind }) => !STAYS.has(kind));
  if (stays.length > 0) report.info(`${names(stays)} was there before and stays when the engine is stopped`);
  if (goes.length === 0) return;
  report.warning(
    `${names(goes)} of the manifest is in the cluster already: it is changed to what the manifest says, and deleted with the rest when the engine is stopped`,
  );
}

function serviceOf(
  objects: readonly ObjectName[],
  { service, namespace, manifest }: KubernetesOptions,
): ClusterPlan["service"] {
  const services = objects.filter(({ kind }) => kind === "Service");
  const found = service === undefined ? services : services.filter(({ name }) => name === service);
  if (found.length === 1) return { name: found[0]!.name, namespace: found[0]!.namespace ?? namespace };
  if (service !== undefined) return { name: service, namespace };
  const what = services.length === 0 ? "no Service" : `the Services ${services.map(({ name }) => name).join(", ")}`;
  throw environment(`--manifest ${manifest} makes ${what}: say by --service which one leads to the engine`);
}
