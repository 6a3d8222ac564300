import type { z } from "zod";
import { bisect } from "./bisect/bisect.ts";
import { buildImage } from "./build-image/build-image.ts";
import { buildSite } from "./build-site/build-site.ts";
import { changePoints } from "./change-points/change-points.ts";
import { checkAccuracy } from "./check-accuracy/check-accuracy.ts";
import { checkFunctional } from "./check-functional/check-functional.ts";
import { compact } from "./compact/compact.ts";
import { compare } from "./compare/compare.ts";
import { comparePatches } from "./compare-patches/compare-patches.ts";
import { doctor } from "./doctor/doctor.ts";
import { evaluate } from "./evaluate/evaluate.ts";
import { exportData } from "./export/export.ts";
import { history } from "./history/history.ts";
import { importData } from "./import/import.ts";
import { latencySweep } from "./latency-sweep/latency-sweep.ts";
import { notify } from "./notify/notify.ts";
import { postProcess } from "./post-process/post-process.ts";
import { publish } from "./publish/publish.ts";
import { pushMetrics } from "./push-metrics/push-metrics.ts";
import { run } from "./run/run.ts";
import { runFunctional } from "./run-functional/run-functional.ts";
import { scenario } from "./scenario/scenario.ts";
import { fieldMeta } from "./schema/field-meta.ts";
import { kebabCase } from "./schema/resolve-inputs.ts";
import { serveBenchmark } from "./serve-benchmark/serve-benchmark.ts";
import { startEngine } from "./start-engine/start-engine.ts";
import { startupBenchmark } from "./startup-benchmark/startup-benchmark.ts";
import { throughputBenchmark } from "./throughput-benchmark/throughput-benchmark.ts";
import { validateBy } from "./validate/validate.ts";
import type { Verb } from "./verb.ts";
import { verify } from "./verify/verify.ts";

export const validate = validateBy(() => ({ VERBS, configKeys }));

/** Every verb, in the order of the flow; pitwall.yml and the generators, which make catalogue.ts of it, know no others. */
export const VERBS: readonly Verb[] = [
  run,
  startEngine,
  startupBenchmark,
  latencySweep,
  throughputBenchmark,
  serveBenchmark,
  checkAccuracy,
  checkFunctional,
  runFunctional,
  postProcess,
  publish,
  notify,
  pushMetrics,
  buildSite,
  history,
  exportData,
  importData,
  validate,
  verify,
  compact,
  buildImage,
  evaluate,
  compare,
  comparePatches,
  bisect,
  changePoints,
  scenario,
  doctor,
];

/** Keys that pitwall.yml may hold: every input but secrets, which must not stand in a file that is committed. */
export const configKeys: string[] = [
  ...new Set(
    VERBS.flatMap((verb) => Object.entries(verb.inputs.shape) as [string, z.ZodType][])
      .filter(([, schema]) => !fieldMeta(schema).secret)
      .flatMap(([key, schema]) => [key, fieldMeta(schema).alias ?? []].flat())
      .map(kebabCase),
  ),
].toSorted();
