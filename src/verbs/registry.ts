import type { z } from "zod";
import { buildSite } from "./build-site.ts";
import { compact } from "./compact.ts";
import { doctor } from "./doctor.ts";
import { exportData } from "./export.ts";
import { fieldMeta } from "./field-meta.ts";
import { history } from "./history.ts";
import { importData } from "./import.ts";
import { latencySweep } from "./latency-sweep.ts";
import { notify } from "./notify.ts";
import { postProcess } from "./post-process.ts";
import { publish } from "./publish.ts";
import { kebabCase } from "./resolve-inputs.ts";
import { run } from "./run.ts";
import { serveBenchmark } from "./serve-benchmark.ts";
import { startEngine } from "./start-engine.ts";
import { startupBenchmark } from "./startup-benchmark.ts";
import { throughputBenchmark } from "./throughput-benchmark.ts";
import { validateBy } from "./validate.ts";
import type { Verb } from "./verb.ts";
import { verify } from "./verify.ts";

export const validate = validateBy(() => ({ VERBS, configKeys }));

/** Every verb, in the order of the flow; the command line, the generators and pitwall.yml know no others. */
export const VERBS: readonly Verb[] = [
  run,
  startEngine,
  startupBenchmark,
  latencySweep,
  throughputBenchmark,
  serveBenchmark,
  postProcess,
  publish,
  notify,
  buildSite,
  history,
  exportData,
  importData,
  validate,
  verify,
  compact,
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
