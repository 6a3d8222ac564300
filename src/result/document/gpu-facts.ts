import { z } from "zod";

/** One GPU that the engine could use. What its tool did not tell is absent. */
export const GpuFacts = z.strictObject({
  name: z.string(),
  uuidHash: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional()
    .meta({ description: "Tells one card from another without naming it: the first half of SHA-256 of its UUID." }),
  memoryMib: z.number().positive().optional(),
  powerLimitW: z.number().positive().optional(),
  maxClockMhz: z.number().positive().optional().meta({ description: "Of the streaming multiprocessors." }),
  applicationClockMhz: z.number().positive().optional().meta({ description: "The clock that an administrator set." }),
  mig: z.boolean().optional().meta({ description: "Whether the GPU is split (NVIDIA's MIG)." }),
});
export type GpuFacts = z.infer<typeof GpuFacts>;
