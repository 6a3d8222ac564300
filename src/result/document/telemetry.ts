import { z } from "zod";

const count = z.int().nonnegative();
const MeanAndMax = z.strictObject({ mean: z.number(), max: z.number() });

/** What the engine's own `/metrics` said during a cell; counters as the difference between its end and its start. */
const EngineTelemetry = z.strictObject({
  samples: count,
  running: MeanAndMax.optional().meta({ description: "Sequences in the batch." }),
  waiting: MeanAndMax.optional().meta({ description: "Sequences waiting for the batch." }),
  kvCacheUsage: MeanAndMax.optional().meta({ description: "Key-value cache in use; 1 is all of it." }),
  preemptions: count.optional(),
  prefixCacheQueryTokens: count.optional(),
  prefixCacheHitTokens: count.optional(),
});
export type EngineTelemetry = z.infer<typeof EngineTelemetry>;

/**
 * What the GPU's tool said during a cell: of the GPUs that the engine runs on where the tool tells, else of those that
 * the environment leaves to it.
 */
const GpuTelemetry = z.strictObject({
  tool: z.enum(["nvidia-smi", "amd-smi", "rocm-smi", "xpu-smi"]),
  samples: count,
  gpus: count,
  powerW: MeanAndMax.optional().meta({ description: "Sum over the GPUs." }),
  energyJ: z.number().nonnegative().optional().meta({ description: "Power integrated over the cell's measured time." }),
  clockMhz: z.strictObject({ mean: z.number(), min: z.number() }).optional(),
  temperatureC: MeanAndMax.optional(),
  memoryUsedMib: MeanAndMax.optional().meta({ description: "Sum over the GPUs." }),
  throttling: z.array(z.string()).optional().meta({
    description: "Reasons for lowered clocks that were active, other than idling; absent when the tool tells none.",
  }),
});
export type GpuTelemetry = z.infer<typeof GpuTelemetry>;

/** Seen from outside while a cell was measured. Whatever could not be read is absent. */
export const Telemetry = z.strictObject({
  engine: EngineTelemetry.optional(),
  gpu: GpuTelemetry.optional(),
  warnings: z.array(z.string()).meta({ description: "One sentence each: what makes these numbers doubtful." }),
});
export type Telemetry = z.infer<typeof Telemetry>;
