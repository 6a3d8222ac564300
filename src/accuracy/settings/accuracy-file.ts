import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { readYaml } from "../../yaml/file.ts";
import { InlineSample } from "../samples/raw-sample.ts";
import { FORMATS } from "../samples/read-samples.ts";

const count = z.int().positive();
/** The first so many of a split, as Hugging Face's datasets write it. */
const SPLIT = /^([A-Za-z0-9_.-]+)(?:\[:(\d{1,9})\])?$/;
/** Programs by which a profile may want its samples asked; all of these mean pitwall itself but the last. */
const TOOLS = ["pitwall", "simple-evals", "lm-eval"] as const;

const FIELDS = {
  enabled: z.boolean(),
  task: z.string().trim().min(1),
  max_samples: count,
  dataset_split: z.string().regex(SPLIT, "must be the name of a split, as in validation or validation[:100]"),
  min_score: z.number().min(0).max(1),
  samples: z.array(InlineSample).min(1),
  samples_file: z.string().min(1),
  dataset_file: z.string().min(1),
  dataset_format: z.enum(FORMATS),
  strip: z.boolean(),
  case_insensitive: z.boolean(),
  run_type: z.enum(["pr", "daily"]),
  tool: z.enum(TOOLS),
  dataset: z.string().trim().min(1),
  debug: z.boolean(),
  max_tokens: count,
  temperature: z.number().nonnegative(),
  num_threads: count.max(1024),
};

/** `accuracy.yaml`, a profile of it, or the `accuracy:` of a scenario: each may say any part. */
export const AccuracySettings = z.strictObject(FIELDS).partial();
export type AccuracySettings = z.infer<typeof AccuracySettings>;

/**
 * Reads such a file. Files that it names lie beside it, or in the working directory.
 * @throws UsageError with FILE:LINE of each mistake
 */
export async function readAccuracyFile(path: string, flag?: string): Promise<AccuracySettings> {
  const { data, mistaken } = await readYaml(path, AccuracySettings, flag);
  const named = SOURCES.filter((name) => data[name] !== undefined);
  if (named.length > 1) {
    throw mistaken([{ path: [named[1]!], text: `goes without ${named[0]}: samples come from one place` }]);
  }
  return {
    ...data,
    ...(data.samples_file === undefined ? {} : { samples_file: fileOf(data.samples_file, path) }),
    ...(data.dataset_file === undefined ? {} : { dataset_file: fileOf(data.dataset_file, path) }),
  };
}

const SOURCES = ["samples", "samples_file", "dataset_file"] as const;

function fileOf(named: string, settings: string): string {
  const beside = resolve(dirname(settings), named);
  return existsSync(beside) ? beside : resolve(named);
}

interface Layers {
  /** The `accuracy:` of a scenario, or what was given by hand. */
  given?: AccuracySettings | undefined;
  /** That of VLLM_CIBENCH_ACCURACY_CONFIG. */
  named?: AccuracySettings | undefined;
  /** That of a run type, such as accuracy/daily.yaml. */
  profile?: AccuracySettings | undefined;
  /** The one of the repository, which one that was named stands for as a whole. */
  standard?: AccuracySettings | undefined;
}

/**
 * What holds of all: what was given goes before the file that was named, and that before the standard one. A profile fills in
 * what a named file leaves open, and goes before the standard one. A source of samples replaces that of any lower layer.
 */
export function layered({ given, named, profile, standard }: Layers): AccuracySettings {
  const layers = named === undefined ? [standard, profile, given] : [profile, named, given];
  return layers.reduce<AccuracySettings>((below, above) => {
    if (above === undefined) return below;
    const brings = SOURCES.some((name) => above[name] !== undefined);
    return { ...(brings ? withoutSamples(below) : below), ...above };
  }, {});
}

function withoutSamples(settings: AccuracySettings): AccuracySettings {
  const { samples: _, samples_file: __, dataset_file: ___, dataset_format: ____, ...rest } = settings;
  return rest;
}

/** How many samples are asked at most; the split may say fewer. */
export function mostSamples({ max_samples, dataset_split = "" }: AccuracySettings): number | undefined {
  const ofSplit = SPLIT.exec(dataset_split)?.[2];
  const limits = [max_samples, ofSplit === undefined ? undefined : Number(ofSplit)].filter((one) => one !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}
