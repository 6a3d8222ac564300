import { messageOf } from "../../errors.ts";
import type { Tools } from "../../tools.ts";
import { runCommand } from "../command.ts";
import { findProgram } from "../program.ts";
import { COMPUTE_APPS_ARGS, type ComputeApp, parseComputeApps } from "./compute-apps.ts";

/** Programs that hold memory of this machine's NVIDIA GPUs; none where no tool tells. Never throws. */
export async function gpuTenants(env: NodeJS.ProcessEnv): Promise<ComputeApp[]> {
  const program = findProgram("nvidia-smi", env);
  if (program === undefined) return [];
  const { exitCode, stdout } = await runCommand(program, COMPUTE_APPS_ARGS, { env }).catch((error) => ({
    exitCode: 1,
    stdout: messageOf(error),
  }));
  return exitCode === 0 ? parseComputeApps(stdout) : [];
}

/**
 * Warns of programs that hold memory of this machine's GPUs, by name and pid. No more than a warning: GPUs may be shared
 * on purpose, and vLLM itself refuses to start where too little is free.
 */
export async function warnOfGpuTenants(when: "before the start" | "after the stop", tools: Tools): Promise<void> {
  const { env, report } = tools;
  const tenants = await gpuTenants(env);
  if (tenants.length === 0) return;
  const names = tenants.map(({ gpu, pid, program: name }) => `${name} (pid ${pid}, ${gpu})`).join(", ");
  const advice =
    when === "before the start"
      ? "numbers measured beside them are not the engine's alone; end them, or choose other GPUs with CUDA_VISIBLE_DEVICES"
      : "if one of them was the engine's, end it by its pid; the next engine has less memory until then";
  report.warning(`GPU memory is not free ${when}: ${names}; ${advice}`);
}
