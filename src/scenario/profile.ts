import { z } from "zod";
import type { RunType } from "./matrix.ts";

const counts = z.array(z.int().positive()).min(1);
const positive = z.number().positive();

/** A file of performance loads, as vllm_cibench has them. */
export const Profile = z.strictObject({
  profile: z.string().optional(),
  control_method: z.enum(["climb", "list"]).optional(),
  growth_rate: z.number().gt(1).optional(),
  growth_interval_ms: positive.optional(),
  init_concurrency: z.int().positive().optional(),
  backend: z.string().optional(),
  temperature: z.number().min(0).optional(),
  top_k: z.int().optional(),
  top_p: z.number().optional(),
  warmup: z.int().min(0).optional(),
  epochs: z.int().positive().optional(),
  concurrency: counts.optional(),
  max_concurrency: z.int().positive().optional(),
  input_length: counts,
  output_length: counts,
  num_requests_per_concurrency: z.int().positive().optional(),
});
export type Profile = z.output<typeof Profile>;

/** Used where a scenario names none: small enough for a pull request, broad enough for a night. */
export const STANDARD_PROFILES: Readonly<Record<RunType, Profile>> = {
  pr: {
    profile: "pr",
    concurrency: [1, 2, 4],
    input_length: [128, 2048],
    output_length: [128, 1024],
    num_requests_per_concurrency: 16,
    epochs: 1,
  },
  daily: {
    profile: "daily",
    concurrency: [1, 2, 4, 8, 16],
    input_length: [128, 1024, 4096],
    output_length: [128, 1024, 4096],
    num_requests_per_concurrency: 32,
    epochs: 3,
    warmup: 2,
  },
};

/** Inputs of serve-benchmark: every input length with every output length at every concurrency, the lengths exact. */
export function loadOf(profile: Profile): Record<string, unknown> {
  const { input_length, output_length, backend, epochs = 1, warmup, num_requests_per_concurrency } = profile;
  const concurrency = levelsOf(profile);
  const pairs = input_length.flatMap((inputLen) => output_length.map((outputLen) => `${inputLen}:${outputLen}`));
  return {
    pairs: pairs.join(","),
    concurrency,
    repeats: epochs,
    ...(num_requests_per_concurrency === undefined ? {} : { numPrompts: num_requests_per_concurrency }),
    ...(warmup === undefined ? {} : { warmupRequests: warmup * Math.max(...concurrency) }),
    ...(backend?.includes("chat") ? { endpoint: "chat" } : {}),
  };
}

/** A climb without a list grows by its rate from the first level to the greatest. */
function levelsOf({ concurrency, init_concurrency = 1, growth_rate = 2, max_concurrency }: Profile): number[] {
  if (concurrency !== undefined) return concurrency;
  const levels = [init_concurrency];
  for (let next = init_concurrency * growth_rate; next <= (max_concurrency ?? 0); next *= growth_rate) {
    levels.push(Math.round(next));
  }
  return levels;
}

/** What of a profile has no effect, in words: lengths are exact and answers greedy, so that runs can be compared. */
export function unusedOf({ temperature, top_k, top_p, growth_interval_ms }: Profile): string[] {
  const given = Object.entries({ temperature, top_k, top_p, growth_interval_ms });
  return given.filter(([, value]) => value !== undefined).map(([name]) => name);
}
