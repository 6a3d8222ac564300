import { z } from "zod";
import { present } from "../result/present.ts";

export const ARM_ENGINES = ["vllm", "docker", "simulated"] as const;
export type ArmEngine = (typeof ARM_ENGINES)[number];

/** A folder's name, and part of the id of a cell. */
const ARM_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** The base once more, which `--null` adds. */
export const NULL_ARM = "null";

/** An arm as the file has it. */
export const ArmEntry = z.strictObject({
  name: z
    .string()
    .regex(ARM_NAME, "must be a name of letters, digits, dots, dashes and underscores, up to 64")
    .meta({ description: "In results, and of its folders." }),
  engine: z
    .enum(ARM_ENGINES)
    .optional()
    .meta({ description: "Default: docker with an image, vllm with a program, else that of the command." }),
  engineArgs: z
    .union([z.array(z.string()), z.string()])
    .optional()
    .meta({ description: "More engine arguments than the command's, as a list or as a shell has them." }),
  image: z.string().min(1).optional().meta({ description: "Image by tag or digest, as for docker run." }),
  program: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "A vllm program, or the folder of the virtual environment that has it." }),
  patch: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "File with a git patch of the engine's repository, put onto image or program." }),
});

/** `--arms FILE`: builds of an engine to measure side by side; the first is the base. */
export const ArmsFile = z.strictObject({
  arms: z.array(ArmEntry).min(2, "must have two arms or more: the first is the base"),
});

/** A build of an engine that is measured beside others. */
export interface Arm {
  name: string;
  engine: ArmEngine;
  /** Beyond those that all arms share. */
  engineArgs: readonly string[];
  /** What engine docker runs. */
  image?: string;
  /** Path of what engine vllm runs; absent: the one on PATH, or PITWALL_VLLM. */
  program?: string;
  /** A git patch of the engine's repository. */
  patch?: string;
}

/** All that makes it what it is, its name aside: equal for arms that would measure the same. */
export function contentOf({ engine, engineArgs, image, program, patch }: Arm): string {
  return JSON.stringify(present({ engine, engineArgs, image, program, patch }));
}

/** What it runs in before any patch: a patch is to blame only where that ran without it. */
export function hostOf({ engine, image, program }: Arm): string {
  return JSON.stringify(present({ engine, image, program }));
}
