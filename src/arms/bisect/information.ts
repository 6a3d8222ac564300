import { SHARES } from "./chain.ts";
import type { Fit } from "./fit.ts";
import { density, quantile } from "./student.ts";

const POINTS = 9;
const OFFSETS = Array.from({ length: POINTS }, (_, index) => quantile((index + 0.5) / POINTS));

/**
 * What one more block of each place beside the good end would tell, in nats: the mutual information of its number and the
 * place's share. A block depends on the whole story through that share alone, so it tells as much of the story.
 * @returns for each stretch that of its last commit; of the bad end nothing
 */
export function informationOf({ posterior, effect, spread }: Fit): number[] {
  const table = SHARES.map((own) =>
    OFFSETS.map((offset) => SHARES.map((share) => density(((own - share) * effect) / spread + offset))),
  );
  const gain = (shares: Float64Array) => {
    let sum = 0;
    for (const [own, points] of table.entries()) {
      const probability = shares[own]!;
      if (probability < 1e-9) continue;
      for (const densities of points) {
        const mixed = densities.reduce((total, one, share) => total + one * shares[share]!, 0);
        sum += (probability / POINTS) * Math.log(densities[own]! / mixed);
      }
    }
    return Math.max(0, sum);
  };
  return posterior.shares.slice(1).map(gain);
}
