import { blockRatio } from "../../../src/arms/statistics/block-ratio.ts";
import { bootstrap, type Rule } from "./rules.ts";

/** What ours would be by a bootstrap interval, looked at after each block from the fourth on: why it is not. */
export function peekingBootstrap(maxBlocks: number): Rule {
  return ({ blocks, random }) => {
    const source = blocks();
    const ratios: number[] = [];
    for (;;) {
      ratios.push(blockRatio(source.next().value).logRatio);
      if (ratios.length < 4) continue;
      const [low, high] = bootstrap(ratios, random);
      const verdict = low > 0 ? "higher" : high < 0 ? "lower" : "undecided";
      if (verdict === "undecided" && ratios.length < maxBlocks) continue;
      return { verdict, blocks: ratios.length, interval: [Math.exp(low), Math.exp(high)] };
    }
  };
}

/** The same by Wilcoxon's signed ranks: Hodges and Lehmann's estimate, with the interval of its Walsh averages. */
export function peekingRanks(maxBlocks: number): Rule {
  return ({ blocks }) => {
    const source = blocks();
    const ratios: number[] = [];
    for (;;) {
      ratios.push(blockRatio(source.next().value).logRatio);
      // Six are the first that can be told apart at 5 %.
      if (ratios.length < 6) continue;
      const walsh = ratios
        .flatMap((one, i) => ratios.slice(i).map((other) => (one + other) / 2))
        .toSorted((a, b) => a - b);
      const n = ratios.length;
      const cut = Math.max(0, Math.floor((n * (n + 1)) / 4 - 1.96 * Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24)));
      const [low, high] = [walsh[cut]!, walsh.at(-1 - cut)!];
      const verdict = low > 0 ? "higher" : high < 0 ? "lower" : "undecided";
      if (verdict === "undecided" && n < maxBlocks) continue;
      return { verdict, blocks: n, interval: [Math.exp(low), Math.exp(high)] };
    }
  };
}
