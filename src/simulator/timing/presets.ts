import type { StepTiming } from "./step-time.ts";

export interface Preset {
  timing: StepTiming;
  /** Tokens that the key-value cache holds; only reported as usage. */
  kvCacheTokens: number;
}

const GB = 1e9;
const H100_BYTES_PER_MS = 3.35e9 * 0.8;

/**
 * Llama 3.1 8B in bfloat16 on one H100: 16.06 GB of weights and 128 KiB of keys and values a token, read at 80 % of
 * 3.35 TB/s. Overhead and cost a sequence are least squares over the latencies of batches of 1 to 8 with 512 tokens in
 * and 128 out, measured with vLLM 0.10.1 (`fake_db`); cost a token, 43 % of 989 TFLOPS, is chosen by eye so that the
 * five serving pairs of the same machine come out near. No claim of fidelity beyond those points.
 */
const h100Llama8b: Preset = {
  timing: {
    overhead: 4.54,
    weights: (16.06 * GB) / H100_BYTES_PER_MS,
    perToken: 0.038,
    perContextToken: (128 * 1024) / H100_BYTES_PER_MS,
    perSequence: 0.045,
  },
  kvCacheTokens: 400_000,
};

/** Not like any machine: steps of about 1 ms, for tests. */
const tiny: Preset = {
  timing: { overhead: 0.5, weights: 0.5, perToken: 0.002, perContextToken: 0, perSequence: 0.001 },
  kvCacheTokens: 100_000,
};

export const PRESETS = { "h100-8b": h100Llama8b, tiny } as const satisfies Record<string, Preset>;
export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(PRESETS, name);
}
