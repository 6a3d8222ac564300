import { z } from "zod";
import { listOf } from "../../checked.ts";
import { UserError } from "../../errors.ts";
import { summarize } from "../metrics/distribution.ts";
import type { Metrics } from "../metrics/metric.ts";
import { present } from "../present.ts";
import { parseWith } from "./python-json.ts";

const times = listOf(z.number().nonnegative()).default([]);
const starts = listOf(z.number().positive()).default([]);

/** Seconds. Averages and percentiles follow from the times. */
const StartupFile = z.looseObject({
  model_id: z.string().nullish(),
  cold_startup_times: starts,
  cold_compilation_times: times,
  warm_startup_times: starts,
  warm_compilation_times: times,
});

const START_CACHES = ["cold", "warm"] as const;

export interface StartupResult {
  modelId: string | undefined;
  /** One for each kind of start that was measured. */
  starts: { cache: (typeof START_CACHES)[number]; iterations: number; metrics: Metrics }[];
}

/**
 * A file of `vllm bench startup`. It writes 0 for compiling where nothing was compiled, as in eager mode; here that is
 * absent.
 * @throws UserError when the text is none, or holds no start
 */
export function readStartupFile(text: string, name: string): StartupResult {
  const file = parseWith(StartupFile, text, name, "`vllm bench startup`");
  const starts = START_CACHES.flatMap((cache) => {
    const ready = file[`${cache}_startup_times`];
    const compiling = file[`${cache}_compilation_times`];
    const hasCompiled = compiling.length === ready.length && compiling.some((seconds) => seconds > 0);
    if (ready.length === 0) return [];
    const metrics = present({
      startup_s: summarize(ready),
      compile_s: hasCompiled ? summarize(compiling) : undefined,
    });
    return [{ cache, iterations: ready.length, metrics }];
  });
  if (starts.length === 0) throw new UserError(`${name} holds no start, neither cold nor warm`);
  return { modelId: file.model_id ?? undefined, starts };
}
