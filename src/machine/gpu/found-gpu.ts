import type { GpuFacts } from "../../result/document/gpu-facts.ts";

/** A GPU as its tool tells of it. */
export interface FoundGpu extends Omit<GpuFacts, "uuidHash"> {
  index: number;
  uuid?: string;
}

export interface Inventory {
  gpus: FoundGpu[];
  driver: string | null;
}

/** Asks the tool with these arguments; undefined when it failed or took too long. */
export type Ask = (args: readonly string[]) => Promise<{ exitCode: number | null; stdout: string } | undefined>;

type Loose = { [K in keyof FoundGpu]: FoundGpu[K] | undefined } & Pick<FoundGpu, "index" | "name">;

/** Without what was not told; a limit of 0 is none. */
export function told(gpu: Loose): FoundGpu {
  const { index, name, ...rest } = gpu;
  const facts = Object.entries(rest).filter(([, value]) => value !== undefined && value !== 0);
  return { index, name, ...Object.fromEntries(facts) };
}
