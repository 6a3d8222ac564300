import type { SingleMeasurement } from "../../result/document/cell.ts";
import { mergeHealth } from "../../result/measure/client-health.ts";
import { metricsOf } from "../../result/measure/measure.ts";
import { mergeTelemetry } from "../../result/measure/telemetry-merge.ts";
import type { MetricName, Metrics } from "../../result/metrics/metric.ts";
import { present } from "../../result/present.ts";
import { formatMetric, headline } from "../../result/series/series.ts";
import { seedFor } from "../../workload/random.ts";
import type { ClientEnd, ServingLoad } from "../client/serving-client.ts";
import { nextRepeat } from "./repeat-until.ts";
import type { Strategy } from "./serving-cell.ts";
import type { CellEnd, Trying } from "./trying.ts";

type Measured = Extract<ClientEnd, { measurement: SingleMeasurement }>;

/** Measures again until that is enough. The first try that is not good is the last: the gate says which one it was. */
export async function measureRepeatedly(
  load: ServingLoad,
  strategy: Extract<Strategy, { kind: "repeat" | "until-ci" }>,
  { attempt, isGood, tell }: Trying,
): Promise<CellEnd> {
  const done: Measured[] = [];
  for (;;) {
    const end = await attempt(loadOf(load, done.length), `repeat_${done.length + 1}`);
    if ("failure" in end) return { ...sumOf([...done, end]), ...measurementOf(done), failure: end.failure };
    done.push(end);
    const good = isGood(end);
    tell(`repeat ${done.length}: ${good ? keyFigures(metricsOf(end.measurement)) : "not every request ended well"}`);
    const next = good ? nextOf(strategy, done) : "enough";
    if (next === "continue") continue;
    if (strategy.kind === "until-ci") tellWhyNot(next, strategy, tell);
    const health = done.flatMap((repeat) => repeat.health ?? []);
    const telemetry = mergeTelemetry(done.flatMap((repeat) => repeat.telemetry ?? []));
    return {
      ...sumOf(done),
      measurement: { kind: "repeated", repeats: done.map(({ measurement }) => measurement) },
      ...(health.length === 0 ? {} : { health: mergeHealth(health) }),
      ...present({ telemetry }),
    };
  }
}

type UntilCi = Extract<Strategy, { kind: "until-ci" }>;
type Next = ReturnType<typeof nextRepeat> | "not reported";

function nextOf(strategy: Extract<Strategy, { kind: "repeat" }> | UntilCi, done: readonly Measured[]): Next {
  if (strategy.kind === "repeat") return done.length < strategy.times ? "continue" : "enough";
  const values = done.flatMap(({ measurement }) => headline(metricsOf(measurement), strategy.metric) ?? []);
  // A metric that the client does not report will not come with the next repeat either.
  return values.length < done.length ? "not reported" : nextRepeat(values, strategy.plan);
}

function tellWhyNot(next: Next, { plan, metric }: UntilCi, tell: Trying["tell"]): void {
  if (next === "not reported") tell(`the client reports no ${metric}, so nothing says how often to repeat`);
  if (next !== "capped") return;
  const target = Number((100 * plan.target).toPrecision(6));
  tell(`after ${plan.most} repeats the interval of ${metric} is still wider than ± ${target} % of its mean`);
}

const KEY_FIGURES = ["output_throughput_tok_s", "ttft_ms", "tpot_ms"] as const satisfies MetricName[];

function keyFigures(metrics: Metrics): string {
  const known = KEY_FIGURES.filter((name) => metrics[name] !== undefined);
  return known.map((name) => `${name} ${formatMetric(name, headline(metrics, name))}`).join(", ");
}

/** Other prompts each time, or a prefix cache would serve them; the engine is warm after the first. */
function loadOf(load: ServingLoad, repeat: number): ServingLoad {
  return repeat === 0 ? load : { ...load, seed: seedFor(`${load.seed}:${repeat}`), warmupRequests: 0 };
}

function measurementOf(done: readonly Measured[]) {
  const repeats = done.map(({ measurement }) => measurement);
  return repeats.length === 0 ? {} : { measurement: { kind: "repeated" as const, repeats } };
}

function sumOf(ends: readonly ClientEnd[]) {
  const sum = (of: (end: ClientEnd) => number) => ends.reduce((total, end) => total + of(end), 0);
  return { warmupSeconds: sum((end) => end.warmupSeconds), measuredSeconds: sum((end) => end.measuredSeconds) };
}
