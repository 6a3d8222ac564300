import type { Platform } from "./planned-image.ts";

/** 12.4.0 → cu124, as indexes of wheels name it. */
const cudaName = ({ cuda }: Platform) => (cuda === undefined ? "cpu" : `cu${cuda.split(".").slice(0, 2).join("")}`);

export const pytorchIndex = (platform: Platform) => `https://download.pytorch.org/whl/${cudaName(platform)}`;

/** Where FlashInfer lies, which is built for each CUDA and minor version of PyTorch; empty where there is none. */
export function kernelsIndex(platform: Platform): string {
  const minor = platform.pytorch.split(".").slice(0, 2).join(".");
  return platform.cuda === undefined ? "" : `https://flashinfer.ai/whl/${cudaName(platform)}/torch${minor}`;
}

/** Kernels that there are for a platform: FlashAttention wants PyTorch 2.1, FlashInfer 2.4. */
export function kernelsOf({ cuda, pytorch }: Platform): string[] {
  if (cuda === undefined) return [];
  const [major = 0, minor = 0] = pytorch.split(".").map(Number);
  const isFrom = (wanted: number) => major > 2 || (major === 2 && minor >= wanted);
  return [...(isFrom(1) ? ["flash-attn"] : []), ...(isFrom(4) ? ["flashinfer"] : [])];
}

/** cuda12.4.0-py3.12 */
export const platformTag = ({ cuda, python }: Pick<Platform, "cuda" | "python">) =>
  `${cuda === undefined ? "cpu" : `cuda${cuda}`}-py${python}`;
