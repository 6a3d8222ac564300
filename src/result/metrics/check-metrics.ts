const cases = { kind: "scalar", unit: "cases", tolerance: 0 } as const;

/** Metrics of what a served model answers: of a suite's cases, and of an accuracy's samples. */
export const CHECK_METRICS = {
  conforms: { ...cases, label: "Conforms", better: "higher", description: "Cases whose answer is as it should be." },
  deviates: { ...cases, label: "Deviates", better: "lower", description: "Cases whose answer is not, each time." },
  unsupported: {
    ...cases,
    label: "Unsupported",
    better: "neither",
    description: "Cases of what the server says it does not do.",
  },
  not_tested: {
    ...cases,
    label: "Not tested",
    better: "lower",
    description: "Cases that were not asked, because the server was gone or the run had to end.",
  },
  conforming_fraction: {
    kind: "scalar",
    label: "Conforms, of all tested",
    unit: "of 1",
    better: "higher",
    tolerance: 0.001,
    description: "Conforms ÷ (conforms + deviates).",
  },
  score: {
    kind: "scalar",
    label: "Score",
    unit: "of 1",
    better: "higher",
    tolerance: 0.01,
    description: "Right answers ÷ samples; of another evaluator, the metric that its task names.",
  },
  samples: {
    kind: "scalar",
    label: "Samples",
    unit: "samples",
    better: "neither",
    tolerance: 0,
    description: "Samples that were answered and scored.",
  },
  score_low: {
    kind: "scalar",
    label: "Score, from",
    unit: "of 1",
    better: "neither",
    tolerance: 0.01,
    description: "Lower end of the 95 % interval of the score (Wilson), by the number of samples.",
  },
  score_high: {
    kind: "scalar",
    label: "Score, to",
    unit: "of 1",
    better: "neither",
    tolerance: 0.01,
    description: "Upper end of the 95 % interval of the score (Wilson).",
  },
} as const;
