import { setTimeout as sleep } from "node:timers/promises";
import type { Kubectl } from "../../machine/kubernetes/client.ts";
import type { Tools } from "../../tools.ts";
import { EngineError } from "../engine-error.ts";
import { askModels } from "../server/model-list.ts";
import { getPage } from "../server/page.ts";
import { explainLateness, explainTrouble } from "./failure.ts";
import { lookAtPods, lookAtWorkloads } from "./look.ts";
import type { ClusterPlan } from "./plan.ts";
import type { Pod, PodSelector } from "./pod.ts";
import { type Standing, standingOf } from "./standing.ts";
import type { Trouble } from "./trouble.ts";

/** Between two looks: each asks the API server two questions. */
const POLL_SECONDS = 1;

interface Waited {
  plan: ClusterPlan;
  selectors: PodSelector[];
  baseUrl: string;
  output: string;
  limitSeconds: number;
  pollSeconds?: number | undefined;
}

/**
 * Waits until all that the manifest made is ready and the base URL is served.
 * @returns the engine's pods
 * @throws EngineError as soon as it does not come to that any more, or the limit is over
 */
export async function waitUntilServed(waited: Waited, tools: Tools): Promise<Pod[]> {
  const { limitSeconds: seconds, pollSeconds = POLL_SECONDS, plan, output } = waited;
  const where = { kubectl: plan.kubectl satisfies Kubectl, output, env: tools.env, signal: tools.signal };
  const start = performance.now();
  const patience = new Patience();
  const progress = tools.report.progress("Waiting until the engine is ready", { atMost: seconds, unit: "s" });
  try {
    for (;;) {
      const { standing, pods } = await look(waited, tools);
      if (standing.kind === "ready") return pods;
      const passed = (performance.now() - start) / 1000;
      const lost = patience.lost(standing.troubles, passed);
      if (lost !== undefined) throw await explainTrouble(lost, where);
      if (standing.kind === "failed") throw await explainFailed(standing, where);
      if (passed >= seconds) throw await explainLateness({ seconds, ...standing }, where);
      progress.update(Math.min(seconds, Math.round(passed)), standing.what);
      await sleep(1000 * Math.min(pollSeconds, Math.max(0, seconds - passed)), undefined, { signal: tools.signal });
    }
  } finally {
    progress.end();
  }
}

async function look({ plan, selectors, baseUrl }: Waited, { env, signal }: Tools) {
  const options = { env, signal };
  const [workloads, pods] = await Promise.all([
    lookAtWorkloads(plan, options),
    lookAtPods(plan.kubectl, selectors, options),
  ]);
  const standing = standingOf(workloads, pods);
  if (standing.kind !== "ready" || (await isServed(baseUrl, signal))) return { standing, pods };
  const what = `${baseUrl} does not answer, though its pods are ready`;
  return { standing: { kind: "waiting", what, troubles: [] } satisfies Standing, pods };
}

/** By /health; a proxy before several engines may have none, and lists models. */
async function isServed(baseUrl: string, signal: AbortSignal): Promise<boolean> {
  const { status } = await getPage(`${baseUrl}/health`, signal).catch(() => ({ status: 0 }));
  if (status === 200) return true;
  if (status !== 404 && status !== 405) return false;
  return askModels(baseUrl, signal).then(
    () => true,
    () => false,
  );
}

function explainFailed({ what, troubles }: Standing & { kind: "failed" }, where: Parameters<typeof explainTrouble>[1]) {
  const crashed = troubles.find((trouble) => trouble.crashed !== undefined) ?? troubles[0];
  return crashed === undefined
    ? new EngineError({ reason: "engine_crashed", detail: `${what}; kubectl describe says more` })
    : explainTrouble(crashed, where);
}

/** Since when each trouble stands. */
class Patience {
  readonly #since = new Map<string, number>();

  /** @returns one that has stood for longer than it may */
  lost(troubles: readonly Trouble[], passed: number): Trouble | undefined {
    return troubles.find(({ pod, cause, patienceSeconds }) => {
      const key = `${pod.namespace}/${pod.name} ${cause}`;
      if (!this.#since.has(key)) this.#since.set(key, passed);
      return passed - this.#since.get(key)! >= patienceSeconds;
    });
  }
}
