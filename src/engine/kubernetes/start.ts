import { resolve } from "node:path";
import { messageOf, UserError } from "../../errors.ts";
import { clusterEnvironment, kubectlPrints } from "../../machine/kubernetes/client.ts";
import { programPath } from "../../package-root.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { present } from "../../result/present.ts";
import type { Tools } from "../../tools.ts";
import { engineFile } from "../../working-folder/names.ts";
import type { ClusterEngine } from "../engine.ts";
import { EngineError } from "../engine-error.ts";
import { type Launch, type LaunchedEngine, launchEngine, plannedRecord } from "../launch/launch.ts";
import { freePort } from "../launch/port.ts";
import { loggedDtype, loggedStartPhases } from "../log.ts";
import { forgetEngines, saveReady, saveStarting } from "../record.ts";
import { waitForModel } from "../server/wait-for-model.ts";
import { stopEngine } from "../stop.ts";
import { factsOfPods } from "./facts.ts";
import { baselineOf } from "./keeper/engine-end.ts";
import type { Orders } from "./keeper/orders.ts";
import { lookAtNodes, lookAtService, lookAtWorkloads } from "./look.ts";
import { type ClusterPlan, planCluster } from "./plan.ts";
import { isSelected, type Pod } from "./pod.ts";
import { prefixOf, type Route, RouteError, routeTo, type Service } from "./route.ts";
import { waitUntilServed } from "./served.ts";
import { podsWanted, selectorsOf } from "./standing.ts";

/**
 * Applies a manifest and waits until what it made serves; or waits for a service that is there already.
 * @throws EngineError classified, with the end of the log; then nothing of the manifest is left in the cluster
 * @throws UserError when kubectl cannot read the manifest or reach the cluster; then nothing was changed
 */
export async function startInCluster(options: ClusterEngine, tools: Tools): Promise<EngineRecord> {
  const plan = await planCluster(options.kubernetes, tools);
  let record: EngineRecord = plannedClusterRecord(options, plan);
  await saveStarting(options.output, record);
  let engine: LaunchedEngine | undefined;
  try {
    const startMs = performance.now();
    await apply(plan, tools);
    const kept = await launchKeeper(options, plan, tools);
    engine = kept.engine;
    record = kept.record;
    await saveStarting(options.output, record);
    engine.release();
    const limits = { limitSeconds: options.startTimeoutSeconds, pollSeconds: options.pollSeconds };
    const pods = await waitUntilServed({ ...kept, ...limits, plan, output: options.output }, tools);
    record = { ...record, ...(await describe(kept, options, { pods, plan, startMs }, tools)) };
    await saveReady(options.output, record);
    return record;
  } catch (error) {
    await cleanUp(record, options.output, tools);
    throw explained(error, tools);
  } finally {
    // Lets this process end while the engine runs on.
    engine?.child.unref();
  }
}

function explained(error: unknown, { signal }: Tools): unknown {
  if (signal.aborted) {
    const detail = "cancelled while the engine was starting; what its manifest made was deleted";
    return new EngineError({ reason: "cancelled", detail, cause: error });
  }
  if (error instanceof EngineError || !(error instanceof UserError || error instanceof RouteError)) return error;
  return new EngineError({ reason: "environment", detail: messageOf(error), cause: error });
}

/** What cannot be deleted stays on record, for the next start or --stop to try again; it must not hide why the start failed. */
async function cleanUp(record: EngineRecord, output: string, { report }: Tools): Promise<void> {
  try {
    await stopEngine(record);
    await forgetEngines(output);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    report.error(error.message);
  }
}

async function apply({ kubectl, manifest }: ClusterPlan, tools: Tools): Promise<void> {
  if (manifest.length === 0) return;
  const made = await kubectlPrints(
    "the manifest could not be applied",
    kubectl,
    ["apply", "-o", "name", ...manifest],
    tools,
  );
  tools.report.info(`applied ${made.trim().split("\n").join(", ")}`);
}

const NOT_KNOWN_YET = { pods: [], gpu: null, gpuCount: null, driver: null };

/** The record of an engine that has nothing in the cluster yet, with all that deleting it takes. */
function plannedClusterRecord(options: ClusterEngine, { kubectl, doomed }: ClusterPlan): EngineRecord {
  const launch = launchOf(options, 1, { command: [kubectl.program], env: {} });
  return {
    ...plannedRecord(launch),
    baseUrl: null,
    command: [],
    cluster: { ...kubectl, objects: doomed, ...NOT_KNOWN_YET },
  };
}

function launchOf(options: ClusterEngine, port: number, how: Pick<Launch, "command" | "env">): Launch {
  const { kind, output, model = "unknown" } = options;
  return { kind, output, model, engineArgs: [], host: "127.0.0.1", port, ...how };
}

interface Kept {
  engine: LaunchedEngine;
  record: EngineRecord & { baseUrl: string };
  baseUrl: string;
  selectors: ReturnType<typeof selectorsOf>;
}

/** The keeper stands for the engine as a process of this machine. */
async function launchKeeper(options: ClusterEngine, plan: ClusterPlan, tools: Tools): Promise<Kept> {
  const { kubectl, doomed } = plan;
  const service = await lookAtService(plan, tools);
  const workloads = await lookAtWorkloads(plan, tools);
  const route = await routeTo(service, options.kubernetes, () => lookAtNodes(kubectl, tools));
  const localPort = route.kind === "forward" ? await freePort("127.0.0.1", options.port ?? 0) : 1;
  if (route.kind === "forward") warnOfTunnel(tools);
  const selectors = selectorsOf([...workloads, service]);
  const orders: Orders = {
    servedFile: resolve(engineFile(options.output)),
    kubectl,
    selectors,
    prefix: podsWanted(workloads) > 1,
    forward: forwardOf(route, service, localPort),
  };
  const launch = launchOf(options, localPort, {
    command: [process.execPath, programPath("cluster-keeper"), JSON.stringify(orders)],
    env: clusterEnvironment(kubectl, tools.env),
  });
  const engine = await launchEngine(launch);
  const baseUrl = route.kind === "url" ? route.baseUrl : `${engine.record.baseUrl}${prefixOf(options.kubernetes)}`;
  const cluster = { ...kubectl, objects: doomed, ...NOT_KNOWN_YET };
  return { engine, record: { ...engine.record, baseUrl, cluster }, baseUrl, selectors };
}

function forwardOf(route: Route, { metadata }: Service, localPort: number): Orders["forward"] {
  if (route.kind === "url") return null;
  return { namespace: metadata.namespace ?? "default", service: metadata.name, port: route.port, localPort };
}

function warnOfTunnel({ report }: Tools): void {
  report.warning(
    "requests go through kubectl port-forward to a single pod: every token passes the API server, which is part of what is measured; a service of type NodePort is reached directly",
  );
}

/** What the engine says of itself, and what its pods say. */
async function describe(
  { baseUrl, selectors, record }: Kept,
  { model, startTimeoutSeconds, pollSeconds }: ClusterEngine,
  { pods, plan, startMs }: { pods: Pod[]; plan: ClusterPlan; startMs: number },
  tools: Tools,
): Promise<Partial<EngineRecord>> {
  const limitSeconds = Math.max(1, startTimeoutSeconds - (performance.now() - startMs) / 1000);
  const said = await waitForModel({ baseUrl, model }, { limitSeconds, pollSeconds }, tools);
  const secondsToReady = Math.round(performance.now() - startMs) / 1000;
  // Not everybody may see nodes; what they would tell is then unknown.
  const nodes = await lookAtNodes(plan.kubectl, tools).catch(() => []);
  const { gpu, gpuCount, driver, ...found } = factsOfPods(
    pods.filter((pod) => isSelected(pod, selectors)),
    nodes,
  );
  const startPhases = await loggedStartPhases(record);
  const own = { modelPath: said.model, dtype: await loggedDtype(record), secondsToReady, ...present({ startPhases }) };
  return { ...said, ...own, ...found, cluster: { ...record.cluster!, pods: baselineOf(pods), gpu, gpuCount, driver } };
}
