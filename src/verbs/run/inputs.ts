import { z } from "zod";
import { UserError } from "../../errors.ts";
import { machineInputs } from "../benchmark/steady-machine.ts";
import { siteInputs } from "../build-site/build-site.ts";
import { homeInputs } from "../history/home.ts";
import { postProcessInputs } from "../post-process/post-process.ts";
import { publishInputs } from "../publish/publish.ts";
import { choice, flag, parsedList, secret } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { servingInputs } from "../serve-benchmark/inputs.ts";
import { engineInputs } from "../start-engine/inputs.ts";
import { kubernetesInputs } from "../start-engine/kubernetes-inputs.ts";
import { startInputs } from "../startup-benchmark/startup-benchmark.ts";
import { latencyInputs } from "../sweep/plan.ts";
import { throughputInputs } from "../sweep/throughput-plan.ts";
import { experimentInputs } from "./experiment-inputs.ts";

const { foreground: _foreground, stop: _stop, truth: _truth, ...ofEngine } = engineInputs;
const engineInputsOfRun = { ...ofEngine, ...kubernetesInputs };

const BENCHMARKS_OF_RUN = ["startup-benchmark", "latency-sweep", "throughput-benchmark", "serve-benchmark"] as const;
type BenchmarkOfRun = (typeof BENCHMARKS_OF_RUN)[number];

function parseBenchmark(text: string): BenchmarkOfRun {
  const benchmark = BENCHMARKS_OF_RUN.find((name) => name === text);
  if (benchmark !== undefined) return benchmark;
  throw new UserError(`“${text}” is no benchmark of a run; there are ${BENCHMARKS_OF_RUN.join(", ")}`);
}

const { batchSizes } = latencyInputs;
const { throughputPrompts } = throughputInputs;
const { client } = servingInputs;
const { compact, allowSimulated, publishFailed } = publishInputs;

const runInputs = {
  ...inGroup("What to do", {
    preset: choice(
      ["sanity", "demo", "quick", "standard"],
      "How long to measure: sanity is one tiny cell of each benchmark, demo ends within two minutes.",
    ).default("standard"),
    benchmarks: parsedList(
      parseBenchmark,
      `What to measure, of ${BENCHMARKS_OF_RUN.join(", ")}; each comes once, in that order.`,
      "NAME,…",
    ).default(["latency-sweep", "serve-benchmark"]),
    dryRun: flag("Only say what would be measured, published and built.").default(false),
  }),
  // These come first in their groups, and the engine's speak for all benchmarks, below.
  ...{ ...engineInputsOfRun, batchSizes, throughputPrompts, client },
  ...startInputs,
  ...throughputInputs,
  ...latencyInputs,
  ...servingInputs,
  ...machineInputs(0),
  ...postProcessInputs,
  ...engineInputsOfRun,
  ...homeInputs,
  ...{ compact, allowSimulated, publishFailed },
  ...inGroup("Site", {
    site: siteInputs.site,
    base: siteInputs.base,
    skipSite: flag("Do not build the site.").default(false),
  }),
  ...inGroup("Message", {
    slackWebhook: secret("Slack incoming webhook that hears of a run that failed.").optional(),
  }),
  ...experimentInputs,
};
export const RunInputs = z.strictObject(runInputs);
export type RunInputs = z.output<typeof RunInputs>;

/** The inputs of one verb out of those of the whole pipeline. */
export function pick<I extends z.ZodObject>(verb: { inputs: I }, inputs: RunInputs): z.output<I> {
  const all: Record<string, unknown> = inputs;
  const own = Object.keys(verb.inputs.shape).filter((key) => key in all);
  return Object.fromEntries(own.map((key) => [key, all[key]])) as z.output<I>;
}
