import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UsageError, UserError } from "../../errors.ts";
import { parseJson } from "../../files.ts";
import { isCombination, missingIn, type SweepFile, sweepFile } from "../../formats/vllm/sweep.ts";

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
export function sweepIn(folder: string): SweepFolder {
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
  const gaps = experiments.flatMap(([experiment, group]) => gapsIn(folder, experiment, group));
  const whole = results.filter(({ path }) => isWhole(join(folder, path)));
  if (whole.length === 0) throw new UserError(`${folder} holds no whole result of a sweep: ${gaps[0]}`);
  return { results: whole.map(({ path, name }) => ({ path: join(folder, path), name })), gaps };
}

/** A run that failed and was measured by a later --resume is no gap. */
function gapsIn(folder: string, experiment: string, places: readonly Place[]): string[] {
  const names = new Set(places.map(({ name }) => name));
  const failures = places
    .filter(({ file, name }) => file.kind !== "failed-run" || !names.has(name.replace(".failure.json", ".json")))
    .flatMap(({ path, file }) => failureOf(join(folder, path), file));
  const halves = places
    .filter(({ path, file }) => file.kind === "result" && !isWhole(join(folder, path)))
    .map(({ path }) => `${join(folder, path)}: ${HALF}`);
  const missing = missingIn(places.map(({ file }) => file)).map((what) => `${join(folder, experiment)}: ${what}`);
  return [...failures, ...halves, ...missing];
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

function failureOf(path: string, file: SweepFile): string[] {
  if (file.kind !== "failed-run" && file.kind !== "failed-server") return [];
  const { error_type, error } = parseJson(readFileSync(path, "utf8"), Failure, path);
  return [`${path}: it failed with ${error_type}: ${error}`];
}

/** The sweep adds its settings to a result that the client wrote: one that was stopped between the two lacks them. */
const isWhole = (path: string) => /"run_number"\s*:/.test(readFileSync(path, "utf8"));
