const ratio = { kind: "scalar", unit: "×", better: "neither", tolerance: 0.02 } as const;

/** Metrics of a build that was measured beside another: of one metric of one cell. */
export const COMPARISON_METRICS = {
  ratio: { ...ratio, label: "Ratio", description: "The build's number ÷ its base's." },
  ratio_low: { ...ratio, label: "Ratio, lower end", description: "Lower end of the ratio's interval." },
  ratio_high: { ...ratio, label: "Ratio, upper end", description: "Upper end of the ratio's interval." },
  blocks: {
    kind: "scalar",
    label: "Blocks",
    unit: "blocks",
    better: "neither",
    tolerance: 0,
    description: "Blocks in which both were measured, twice each.",
  },
} as const;
