import { findPython } from "../../engine/vllm/program.ts";
import { cudaOfDriver } from "../../machine/host-facts.ts";
import { type Check, outputOf } from "./check.ts";

export const gpu: Check = async ({ env }) => {
  const found = await outputOf("nvidia-smi", ["--query-gpu=name,driver_version", "--format=csv,noheader"], env);
  if (found !== undefined && found !== "") return { name: "GPU", state: "good", detail: counted(found.split("\n")) };
  return {
    name: "GPU",
    state: "absent",
    detail: "nvidia-smi finds none",
    fix: "install the NVIDIA driver, or measure on the CPU or simulated",
  };
};

function counted(rows: string[]): string {
  const [name, driver] = rows[0]!.split(",").map((part) => part.trim());
  return `${rows.length} × ${name}, driver ${driver}`;
}

/** What PyTorch was built for, from its packages: importing it takes seconds. */
const CUDA_OF_TORCH = `
import importlib.metadata as m, re
def version(name):
    try: return m.version(name)
    except m.PackageNotFoundError: return ""
local = re.search(r"\\+cu(\\d+)(\\d)$", version("torch"))
runtimes = [version("nvidia-cuda-runtime" + suffix) for suffix in ("", "-cu13", "-cu12", "-cu11")]
print(".".join(local.groups()) if local else next(filter(None, runtimes), ""))
`;

export const driver: Check = async ({ engine, env }) => {
  const [known, built] = await Promise.all([cudaOfDriver(env), outputOf(findPython(env), ["-c", CUDA_OF_TORCH], env)]);
  if (known === null) return { name: "CUDA", state: "absent", detail: "no driver tells which it knows" };
  const wanted = /^\d+\.\d+/.exec(built ?? "")?.[0];
  if (wanted === undefined) return { name: "CUDA", state: "good", detail: `the driver knows it up to ${known}` };
  const detail = `the driver knows it up to ${known}, PyTorch was built for ${wanted}`;
  const fit = compareCuda(known, wanted);
  if (fit === "enough") return { name: "CUDA", state: "good", detail };
  const fix = "update the NVIDIA driver, or install a vLLM that was built for an earlier CUDA";
  return { name: "CUDA", state: fit === "too-old" && engine === "vllm" ? "missing" : "absent", detail, fix };
};

/** NVIDIA's compatibility within a major version: an older minor one mostly runs. */
export function compareCuda(known: string, wanted: string): "enough" | "older-minor" | "too-old" {
  const [knownMajor, knownMinor] = known.split(".").map(Number);
  const [wantedMajor, wantedMinor] = wanted.split(".").map(Number);
  if (knownMajor! !== wantedMajor!) return knownMajor! > wantedMajor! ? "enough" : "too-old";
  return knownMinor! >= wantedMinor! ? "enough" : "older-minor";
}
