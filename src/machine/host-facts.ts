import { existsSync } from "node:fs";
import { availableParallelism, cpus, hostname } from "node:os";
import { join } from "node:path";
import type { Run } from "../result/document/run.ts";
import { runCommand } from "./command.ts";
import { findProgram } from "./program.ts";

type Host = Run["host"];
type GpuFacts = Pick<Host, "gpu" | "gpuCount" | "driver" | "cuda">;

const NO_GPU: GpuFacts = { gpu: null, gpuCount: 0, driver: null, cuda: null };
/** There is one, and nothing here that could name it: a container without the driver's tools, for example. */
const UNKNOWN_GPU: GpuFacts = { ...NO_GPU, gpuCount: null };

/** Device files of drivers that an engine computes with: NVIDIA's, AMD's, and that of WSL. */
const GPU_DEVICES = ["nvidiactl", "kfd", "dxg"];

/**
 * The machine we run on.
 * @param label its name in the history; by default the runner's, else the host's
 * @param devices folder of the device files
 */
export async function hostFacts(label?: string, env: NodeJS.ProcessEnv = process.env, devices = "/dev"): Promise<Host> {
  return {
    label: label || env.RUNNER_NAME || hostname(),
    ...(await gpuFacts(env, devices)),
    cpu: cpus()[0]?.model.trim() || null,
    cores: availableParallelism(),
  };
}

/**
 * What nvidia-smi tells. When it finds no GPU or no driver, the machine has none that an engine could use; without it, only
 * where there is no device of a driver either.
 */
async function gpuFacts(env: NodeJS.ProcessEnv, devices: string): Promise<GpuFacts> {
  const program = findProgram("nvidia-smi", env);
  if (program === undefined) return GPU_DEVICES.some((name) => existsSync(join(devices, name))) ? UNKNOWN_GPU : NO_GPU;
  const query = await runCommand(program, ["--query-gpu=name,driver_version", "--format=csv,noheader"], { env });
  if (query.exitCode !== 0) return NO_GPU;
  return { ...parseGpuList(query.stdout), cuda: await cudaOfDriver(env) };
}

/** The newest CUDA that the driver knows, as nvidia-smi prints it; null when it prints none, or there is no such program. */
export async function cudaOfDriver(env: NodeJS.ProcessEnv): Promise<string | null> {
  const program = findProgram("nvidia-smi", env);
  if (program === undefined) return null;
  const { exitCode, stdout } = await runCommand(program, [], { env });
  return exitCode === 0 ? parseCudaVersion(stdout) : null;
}

/** @param csv one `name, driver` line a GPU */
function parseGpuList(csv: string): Omit<GpuFacts, "cuda"> {
  const rows = csv
    .trim()
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.split(",").map((value) => value.trim()));
  const names = [...new Set(rows.map(([name]) => name))];
  return { gpu: names.join(" + ") || null, gpuCount: rows.length, driver: rows[0]?.[1] ?? null };
}

/** Driver 610 renamed the header's `CUDA Version` to `CUDA UMD Version`. */
function parseCudaVersion(overview: string): string | null {
  return /CUDA (?:UMD )?Version:\s*([\d.]+)/.exec(overview)?.[1] ?? null;
}
