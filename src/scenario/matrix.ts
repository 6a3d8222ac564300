import { z } from "zod";

export const RUN_TYPES = ["pr", "daily"] as const;
export type RunType = (typeof RUN_TYPES)[number];

/** all: every case and the shipped suite; true: what the functional file says; a list: those cases or groups of them. */
const Functional = z.union([z.boolean(), z.literal("all"), z.array(z.string().min(1)).min(1)]);

const Switches = z.strictObject({
  functional: Functional.optional(),
  perf: z.boolean().optional(),
  accuracy: z.boolean().optional(),
});

/** `configs/matrix.yaml`: which stages a scenario has, per run type. */
export const Matrix = z.record(z.string(), z.strictObject({ pr: Switches.optional(), daily: Switches.optional() }));
export type Matrix = z.output<typeof Matrix>;

/** What a scenario's run does between start and end. */
export interface Stages {
  functional: z.output<typeof Functional>;
  perf: boolean;
  accuracy: boolean;
}

/** A scenario that the matrix does not know has all stages; one that it knows has those it switches on. */
export function stagesOf(matrix: Matrix, scenario: string, runType: RunType): Stages {
  const known = matrix[scenario];
  if (known === undefined) return { functional: true, perf: true, accuracy: true };
  const { functional = false, perf = false, accuracy = false } = known[runType] ?? {};
  return { functional, perf, accuracy };
}

/** Scenarios that a run type runs, in the matrix's order: those with any stage in it. */
export const scenariosOf = (matrix: Matrix, runType: RunType): string[] =>
  Object.keys(matrix).filter((id) => matrix[id]![runType] !== undefined);
