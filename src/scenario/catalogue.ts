import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { closest } from "fastest-levenshtein";
import { UsageError } from "../errors.ts";
import { readYaml } from "../yaml/file.ts";
import { Matrix } from "./matrix.ts";
import { fromRoot } from "./named-files.ts";
import { flattened, type Scenario, ScenarioFile } from "./scenario.ts";

/** What pitwall.yml holds beside the files. */
export interface Given {
  scenarios: Readonly<Record<string, Scenario>>;
  matrix: Matrix;
}

/** All scenarios below a root folder, each good or with what is wrong with it; one that is bad hides no other. */
export interface Catalogue {
  /** `<root>/configs`, or the root itself where there is no such folder. */
  folder: string;
  scenarios: ReadonlyMap<string, Scenario>;
  matrix: Matrix | Unreadable;
  /** FILE:LINE: what is wrong, by the id that the file's name has, or that two files have. */
  bad: ReadonlyMap<string, string>;
  /** What is wrong with the matrix, and with what belongs to no scenario. */
  problems: readonly string[];
}

/** A file of which only is known what is wrong with it. */
class Unreadable {
  readonly problem: string;

  constructor(problem: string) {
    this.problem = problem;
  }
}

/** @param root folder with configs/scenarios/*.yaml and configs/matrix.yaml; both may be absent */
export async function readCatalogue(root: string, given: Given): Promise<Catalogue> {
  const folder = existsSync(join(root, "configs")) ? join(root, "configs") : root;
  const scenarios = new Map(Object.entries(given.scenarios));
  const bad = new Map<string, string>();
  const twice = new Map<string, string>();
  const problems: string[] = [];
  for (const name of await yamlFiles(join(folder, "scenarios"))) {
    const file = join(folder, "scenarios", name);
    const found = await attempt(() => readYaml(file, ScenarioFile));
    if ("problem" in found) bad.set(stem(name), found.problem);
    else if (scenarios.has(found.data.id))
      twice.set(found.data.id, `${file}: there is another scenario “${found.data.id}”`);
    else scenarios.set(found.data.id, fromRoot(root, flattened(found.data)));
  }
  for (const [id, problem] of twice) {
    scenarios.delete(id);
    bad.set(id, problem);
  }
  const matrixFile = join(folder, "matrix.yaml");
  const ofFile = existsSync(matrixFile) ? await attempt(() => readYaml(matrixFile, Matrix)) : { data: {} };
  if ("problem" in ofFile) problems.push(ofFile.problem);
  const known = { ...("data" in ofFile ? ofFile.data : {}), ...given.matrix };
  for (const id of Object.keys(known)) {
    if (!scenarios.has(id) && !bad.has(id)) problems.push(`${matrixFile}: ${unknownScenario(id, scenarios)}`);
  }
  const matrix = "problem" in ofFile ? new Unreadable(ofFile.problem) : known;
  return { folder, scenarios, matrix, bad, problems };
}

/** @throws UsageError with what is wrong with its file: which stages it switches off is then not known */
export function readableMatrix({ matrix }: Catalogue): Matrix {
  if (matrix instanceof Unreadable) throw new UsageError(matrix.problem);
  return matrix;
}

/** @throws UsageError naming the choices, or what is wrong with the file */
export function scenarioNamed(id: string, { scenarios, bad, folder }: Catalogue): Scenario {
  const scenario = scenarios.get(id);
  if (scenario !== undefined) return scenario;
  const problem = bad.get(id);
  if (problem !== undefined) throw new UsageError(problem);
  if (scenarios.size === 0) {
    throw new UsageError(
      `no scenario “${id}”: there is none at all in ${join(folder, "scenarios")}; write one with: pitwall scenario new ${id}`,
    );
  }
  throw new UsageError(unknownScenario(id, scenarios));
}

function unknownScenario(id: string, scenarios: ReadonlyMap<string, Scenario>): string {
  const ids = [...scenarios.keys()];
  const near = ids.length === 0 ? "" : `; did you mean “${closest(id, ids)}”?`;
  return `no scenario “${id}”; there are ${ids.join(", ") || "none"}${near}`;
}

/** In the order of their names. */
export async function yamlFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.filter((name) => /\.ya?ml$/.test(name)).toSorted();
}

const stem = (name: string) => name.replace(/\.ya?ml$/, "");

/** What is read, or what is wrong with it. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | { problem: string }> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { problem: error.message };
  }
}
