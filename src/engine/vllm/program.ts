import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findProgram } from "../../machine/program.ts";

const named = ({ PITWALL_VLLM: name }: NodeJS.ProcessEnv) => name || "vllm";

/** The vllm to start: of PITWALL_VLLM, else of PATH. A path is seen from our folder, which need not be the engine's. */
export function vllmProgram(env: NodeJS.ProcessEnv): string {
  const name = named(env);
  return name.includes("/") ? resolve(name) : name;
}

/** Where it lies; undefined when there is none that may be run. */
export const findVllm = (env: NodeJS.ProcessEnv): string | undefined => findProgram(named(env), env);

/**
 * The Python that has vLLM: named by PITWALL_PYTHON, else beside the vllm program, else the one on PATH. A path is seen
 * from our folder, which need not be the engine's.
 */
export function findPython(env: NodeJS.ProcessEnv): string {
  const name = env.PITWALL_PYTHON || besideVllm(env) || "python3";
  return name.includes("/") ? resolve(name) : name;
}

function besideVllm(env: NodeJS.ProcessEnv): string | undefined {
  const vllm = env.PITWALL_VLLM || findVllm(env);
  const beside = vllm === undefined ? undefined : join(dirname(vllm), "python3");
  return beside !== undefined && existsSync(beside) ? beside : undefined;
}
