import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    clients: string;
    lmEval: string;
  }
}

/** Installs the programs once into cached virtual environments. */
export default function setup(project: TestProject): void {
  project.provide("clients", madeBy("clients.sh"));
  project.provide("lmEval", madeBy("lm-eval.sh"));
}

/** @returns the folder of the environment */
function madeBy(name: string): string {
  const script = join(import.meta.dirname, "../../scripts", name);
  return execFileSync(script, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" }).trim();
}
