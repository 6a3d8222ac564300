/** How long prompts and answers were, where nobody could say that beforehand. */
export const LENGTH_METRICS = {
  input_tokens: {
    kind: "distribution",
    label: "Input length",
    unit: "tokens",
    better: "neither",
    tolerance: 0.05,
    description: "Tokens of a prompt as the engine counted them, where a server takes text in place of token ids.",
  },
  output_tokens: {
    kind: "distribution",
    label: "Output length",
    unit: "tokens",
    better: "neither",
    tolerance: 0.05,
    description: "Tokens of an answer as the engine counted them, where a server makes none of an exact length.",
  },
} as const;
