/** The order of a round: each tool comes first, second, … equally often, so that none profits from a warm machine. */
export const rotated = <T>(items: readonly T[], round: number): T[] =>
  items.map((_, index) => items[(index + round) % items.length]!);
