import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { PACKAGE_ROOT } from "../../src/package-root.ts";

interface Described {
  description: string;
}
interface CompositeStep {
  run: string;
  env?: Record<string, string>;
}
export interface ActionFile {
  name: string;
  inputs: Record<string, Described>;
  outputs: Record<string, Described>;
  runs: { using: "node24"; main: string; post?: string } | { using: "composite"; steps: CompositeStep[] };
}

/** Paths of every action.yml, from the root of the repository. */
export function actionFiles(): string[] {
  return ["action.yml", ...readdirSync(join(PACKAGE_ROOT, "actions")).map((name) => `actions/${name}/action.yml`)];
}

export function readActionFile(path: string): ActionFile {
  return parse(readFileSync(join(PACKAGE_ROOT, path), "utf8"));
}

/** The bundles that an action starts, from the root of the repository. */
export function bundlesOf(path: string): string[] {
  const { runs } = readActionFile(path);
  const folder = join(path, "..");
  if (runs.using === "node24")
    return [runs.main, runs.post].flatMap((file) => (file === undefined ? [] : [join(folder, file)]));
  const started = runs.steps.flatMap(({ run }) => [...run.matchAll(/\$GITHUB_ACTION_PATH\/([\w./-]+\.mjs)/g)]);
  return started.map(([, file]) => join(folder, file!));
}
