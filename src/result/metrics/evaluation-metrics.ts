const count = { kind: "scalar", unit: "instances", better: "neither", tolerance: 0 } as const;

/** Metrics of an evaluation of patches: how many tasks a model mends. */
export const EVALUATION_METRICS = {
  resolved: { ...count, label: "Resolved", description: "Valid instances that the patches resolve." },
  evaluated: {
    ...count,
    label: "Evaluated",
    description: "Valid instances that were asked for, whether they have a result or not.",
  },
  not_valid_here: {
    ...count,
    label: "Not valid here",
    description:
      "Instances asked for whose controls do not hold: their own patch does not resolve them, or an empty one does.",
  },
  resolved_fraction: {
    kind: "scalar",
    label: "Resolved, of all",
    unit: "of 1",
    better: "higher",
    tolerance: 0.02,
    description: "Resolved ÷ evaluated.",
  },
} as const;
