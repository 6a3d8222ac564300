import type { Probe, Search } from "../../result/document/search.ts";
import { metricsOf } from "../../result/measure/measure.ts";
import { judgeObjectives } from "../../result/measure/objective.ts";
import { seedFor } from "../../workload/random.ts";
import type { ClientEnd, ServingLoad } from "../client/serving-client.ts";
import { nextStep } from "./level-search.ts";
import type { Strategy } from "./serving-cell.ts";
import type { CellEnd, Trying } from "./trying.ts";

/**
 * Searches the highest level that meets the objectives, on a warm engine. The result is the best level's measurement;
 * where none met, the lowest level's, so that the cell shows what there was. A probe whose requests failed, or whose
 * client was the limit, has not met: nobody can say that the engine can do it.
 */
export async function findLevel(
  load: ServingLoad,
  { find, plan, objectives, loadAt }: Extract<Strategy, { kind: "find" }>,
  { attempt, isGood, diagnose, tell }: Trying,
): Promise<CellEnd> {
  const search: Search = {
    find,
    objectives: objectives.map(({ text }) => text),
    tolerance: plan.tolerance,
    probes: [],
  };
  const ends = new Map<number, ClientEnd>();
  const spent = { warmupSeconds: 0, measuredSeconds: 0 };
  for (;;) {
    const step = nextStep(plan, search.probes);
    if (step.kind !== "probe") return { ...ends.get(bestLevel(search))!, ...spent, search };
    const { level } = step;
    const end = await attempt({ ...load, ...loadAt(level), seed: seedFor(`${load.seed}:${level}`) }, `level_${level}`);
    spent.warmupSeconds += end.warmupSeconds;
    spent.measuredSeconds += end.measuredSeconds;
    // Whatever kept the client from measuring at all, a dead engine above all, keeps it from the next probe too.
    if ("failure" in end) return { ...spent, failure: end.failure, search };
    ends.set(level, end);
    const good = isGood(end);
    // A level that misses is a result; an engine that died is none, and nor is a run that was cancelled.
    const cause = good ? undefined : await diagnose();
    if (cause !== undefined) return { ...spent, measurement: end.measurement, failure: cause, search };
    const probe = probeOf(level, end, good, objectives);
    search.probes.push(probe);
    tell(sayProbe(probe, find));
  }
}

function probeOf(
  level: number,
  end: Extract<ClientEnd, { measurement: unknown }>,
  good: boolean,
  objectives: Extract<Strategy, { kind: "find" }>["objectives"],
): Probe {
  const { meets, values } = judgeObjectives(metricsOf(end.measurement), objectives);
  if (good) return { level, meets, values };
  const limits = end.health?.limitedBy ?? [];
  return {
    level,
    meets: false,
    values,
    detail: limits.length > 0 ? `client_limited: ${limits.join("; ")}` : "requests failed",
  };
}

function sayProbe({ level, meets, values, detail }: Probe, find: Search["find"]): string {
  const what = find === "max-rate" ? `${level} req/s` : `concurrency ${level}`;
  const said = Object.entries(values).map(([key, value]) => `${key} = ${Number(value.toPrecision(5))}`);
  return `${what}: ${[...said, ...(detail === undefined ? [] : [detail])].join(", ")} → ${meets ? "meets" : "misses"}`;
}

function bestLevel({ probes }: Search): number {
  const met = probes.filter(({ meets }) => meets).map(({ level }) => level);
  return met.length > 0 ? Math.max(...met) : Math.min(...probes.map(({ level }) => level));
}
