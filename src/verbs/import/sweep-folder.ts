import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UsageError, UserError } from "../../errors.ts";
import { parseJson } from "../../files.ts";
import { isCombination, missingIn, type SweepFile, sweepFile } from "../../formats/vllm/sweep.ts";
import { readPlain } from "../../plain-file.ts";

const HALF =
  "it is left out, for the sweep was stopped before it wrote its settings there; remove it and go on with --resume";

export interface SweepFolder {
  /** Results; their names begin with the combination. */
  results: { path: string; name: string }[];
  /** What failed or is missing, a sentence each. */
  gaps: string[];
}

/**
 * What is in the folder of an experiment of `vllm bench sweep`, or in one that holds several.
 * @throws UsageError when it is no folder of a sweep; UserError when no result in it is whole
 */
export async function sweepIn(folder: string): Promise<SweepFolder> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => placeOf(path.split(/[\\/]/)))
    .sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
  const results = files.filter(({ file }) => file.kind === "result");
  if (results.length === 0) {
    throw new UsageError(
      `${folder} is a folder, and not one of \`vllm bench sweep\`, which holds run=0.json for each combination: name the files in it, as in ${folder}/*.json`,
    );
  }
  const experiments = [...Map.groupBy(files, ({ experiment }) => experiment)];
  const whole = new Set<Place>();
  for (const result of results) if (await isWhole(join(folder, result.path))) whole.add(result);
  const gaps: string[] = [];
  for (const [experiment, group] of experiments) gaps.push(...(await gapsIn(folder, { experiment, group, whole })));
  if (whole.size === 0) throw new UserError(`${folder} holds no whole result of a sweep: ${gaps[0]}`);
  return { results: [...whole].map(({ path, name }) => ({ path: join(folder, path), name })), gaps };
}

/** A run that failed and was measured by a later --resume is no gap. */
async function gapsIn(folder: string, { experiment, group, whole }: Experiment): Promise<string[]> {
  const names = new Set(group.map(({ name }) => name));
  const failed = group.filter(
    ({ file, name }) => file.kind !== "failed-run" || !names.has(name.replace(".failure.json", ".json")),
  );
  const failures: string[] = [];
  for (const { path, file } of failed) failures.push(...(await failureOf(join(folder, path), file)));
  const halves = group
    .filter((place) => place.file.kind === "result" && !whole.has(place))
    .map(({ path }) => `${join(folder, path)}: ${HALF}`);
  const missing = missingIn(group.map(({ file }) => file)).map((what) => `${join(folder, experiment)}: ${what}`);
  return [...failures, ...halves, ...missing];
}

interface Experiment {
  experiment: string;
  group: readonly Place[];
  /** Results of all experiments that were written to their end. */
  whole: ReadonlySet<Place>;
}

interface Place {
  path: string;
  experiment: string;
  /** Within the experiment. */
  name: string;
  file: SweepFile;
}

/** A combination's folder, when there is one, stands right below the experiment. */
function placeOf(parts: string[]): Place {
  const found = parts.findIndex(isCombination);
  const start = found === -1 || found === parts.length - 1 ? parts.length - 1 : found;
  const name = parts.slice(start).join("/");
  return { path: parts.join("/"), experiment: parts.slice(0, start).join("/"), name, file: sweepFile(name) };
}

const Failure = z.looseObject({ error_type: z.string(), error: z.string() });

async function failureOf(path: string, file: SweepFile): Promise<string[]> {
  if (file.kind !== "failed-run" && file.kind !== "failed-server") return [];
  const { error_type, error } = parseJson(await readPlain(path), Failure, path);
  return [`${path}: it failed with ${error_type}: ${error}`];
}

/** The sweep adds its settings to a result that the client wrote: one that was stopped between the two lacks them. */
const isWhole = async (path: string) => /"run_number"\s*:/.test(await readPlain(path));
