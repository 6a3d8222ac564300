import { z } from "zod";
import type { CommandOptions } from "../../machine/command.ts";
import { type Kubectl, kubectlPrints } from "../../machine/kubernetes/client.ts";
import { type AnyObject, findObjects, printedObjects } from "../../machine/kubernetes/objects.ts";
import type { ClusterPlan } from "./plan.ts";
import { isSelected, Pod, type PodSelector } from "./pod.ts";
import { Node, Service } from "./route.ts";
import { hasPods } from "./standing.ts";
import type { PodName } from "./trouble.ts";

type Options = Pick<CommandOptions, "env" | "signal">;

const NOT_LONG = ["--request-timeout", "30s", "-o", "json"];

/** The service that leads to the engine. @throws UserError when it is not there */
export async function lookAtService({ kubectl, service }: ClusterPlan, options: Options): Promise<Service> {
  const place = service.namespace === undefined ? [] : ["--namespace", service.namespace];
  const args = ["get", "service", service.name, ...place, ...NOT_LONG];
  const [found] = await ask(kubectl, `the service ${service.name} cannot be read`, args, options);
  return Service.parse(found);
}

/** Objects of the manifest that have pods, as they are now. */
export const lookAtWorkloads = ({ kubectl, objects }: ClusterPlan, options: Options): Promise<AnyObject[]> =>
  findObjects(kubectl, objects.filter(hasPods), options);

/** Pods of the engine, without those that are being deleted. */
export async function lookAtPods(
  kubectl: Kubectl,
  selectors: readonly PodSelector[],
  options: Options,
): Promise<Pod[]> {
  const namespaces = new Set(selectors.map(({ namespace }) => namespace));
  const all = await Promise.all(
    [...namespaces].map((namespace) =>
      ask(
        kubectl,
        `the pods of ${namespace} cannot be listed`,
        ["get", "pods", "--namespace", namespace, ...NOT_LONG],
        options,
      ),
    ),
  );
  const pods = all.flat().map((object) => Pod.parse(object));
  return pods.filter((pod) => !pod.metadata.deletionTimestamp && isSelected(pod, selectors));
}

/** @throws UserError when this user may not see them */
export async function lookAtNodes(kubectl: Kubectl, options: Options): Promise<Node[]> {
  const nodes = await ask(kubectl, "the cluster's nodes cannot be listed", ["get", "nodes", ...NOT_LONG], options);
  return nodes.map((node) => Node.parse(node));
}

const Event = z.looseObject({
  type: z.string().nullish(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  count: z.number().nullish(),
});

/** What the cluster warned of about a pod, a line each, the latest last; empty where it cannot be read. */
export async function warningsAbout(
  kubectl: Kubectl,
  { name, namespace, uid }: PodName,
  options: Options,
): Promise<string[]> {
  const id = uid === undefined ? "" : `,involvedObject.uid=${uid}`;
  const about = ["--namespace", namespace, "--field-selector", `involvedObject.name=${name}${id}`];
  const events = await ask(kubectl, "events", ["get", "events", ...about, ...NOT_LONG], options).catch(() => []);
  return events
    .map((event) => Event.parse(event))
    .filter(({ type }) => type !== "Normal")
    .map(({ reason, message }) => `${reason ?? "Warning"}: ${message ?? ""}`.trim());
}

async function ask(kubectl: Kubectl, what: string, args: string[], options: Options): Promise<AnyObject[]> {
  return printedObjects(await kubectlPrints(what, kubectl, args, options));
}
