import { blockRatio } from "../statistics/block-ratio.ts";
import type { PairBlock } from "../statistics/pair-block.ts";
import { CHANGES, type ChainStep, type Posterior, posteriorOf, SHARES } from "./chain.ts";
import { badEnd, type Evidence, isBetween, type MeasuredBlock, type Stretch, stretchesOf } from "./evidence.ts";
import { density, weight } from "./student.ts";

/** What all that was measured says of the line. */
export interface Fit {
  stretches: readonly Stretch[];
  posterior: Posterior;
  /** Natural logarithm of bad ÷ good end. */
  effect: number;
  /** Scale of a block's logarithm around the truth, see student.ts. */
  spread: number;
}

/** Changes that one expects of a line where one is known to be: a second one, for each that comes alone, every ten lines. */
const EXPECTED_CHANGES = 0.25;
const MOST_ROUNDS = 20;
/** Sizes that differ by less, relatively, tell the same story. */
const NEAR = 0.01;
const LEAST_PROBABILITY = 1e-6;
/** How many blocks the spread inside of blocks is worth beside what blocks of one commit differ. */
const SPREAD_BLOCKS = 4;
/** A Student distribution of 4 degrees around normal noise has this much of its standard deviation as its scale. */
const SCALE_OF_DEVIATION = 0.8;
/** Below what any clock can tell: engines that never vary must not make certainty of rounding. */
const LEAST_SPREAD = 1e-4;
/** A story that something speaks against this strongly stays possible. */
const LEAST_LIKELIHOOD = 1e-30;

/**
 * Fits the size of the change and the noise to all blocks, by expectation–maximization over where the change may be.
 * @param evidence with at least one block of the two ends
 */
export function fitOf(evidence: Evidence): Fit {
  const stretches = stretchesOf(evidence);
  const last = badEnd(evidence);
  const ends = evidence.blocks.filter(({ commit, against }) => commit === last && against === 0);
  const within = Math.max(LEAST_SPREAD, SCALE_OF_DEVIATION * spreadInside(evidence.blocks.map(({ block }) => block)));
  let size: Size = { effect: middle(ends.map(logRatioOf)), spread: within };
  for (let round = 1; ; round++) {
    const posterior = chainOf(evidence, stretches, size);
    const told = evidence.blocks.map((block) => toldBy(block, stretches, posterior)).filter((one) => one !== null);
    const better = refitted(told, size, within);
    if (round === MOST_ROUNDS || isNear(size, better)) return { stretches, posterior, ...size };
    size = better;
  }
}

const isNear = (one: Size, other: Size) =>
  Math.abs(one.effect - other.effect) < NEAR * Math.abs(one.effect) &&
  Math.abs(one.spread - other.spread) < NEAR * one.spread;

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Standard deviation that a block's logarithm has by what its two numbers of one commit differ, drift and all. */
function spreadInside(blocks: readonly PairBlock[]): number {
  const variances = blocks.map(blockRatio).map(({ variance, slope, weight: of }) => (variance + of * slope ** 2) / 2);
  return Math.sqrt(variances.reduce((sum, one) => sum + one, 0) / variances.length);
}

const logRatioOf = ({ block }: MeasuredBlock) => blockRatio(block).logRatio;

interface Size {
  effect: number;
  spread: number;
}

function chainOf(evidence: Evidence, stretches: readonly Stretch[], size: Size): Posterior {
  const total = stretches.reduce((sum, { weight: one }) => sum + one, 0);
  const steps = stretches.map((stretch): ChainStep => {
    const beside = stretch.from === 0 ? [] : evidence.blocks.filter((block) => isBetween(stretch, block));
    const change = 1 - Math.exp((-EXPECTED_CHANGES * stretch.weight) / total);
    return { change, beside: beside.length === 0 ? null : besideLikelihood(beside, size) };
  });
  return posteriorOf(
    stretches.map(({ to }) => placeLikelihood(to, evidence, size)),
    steps,
  );
}

/** Likelihood of a place that nothing was measured of. */
const NOTHING = Float64Array.from(SHARES, () => 1);

function placeLikelihood(place: number, { blocks, stored }: Evidence, { effect, spread }: Size): Float64Array {
  const own = blocks.filter(({ commit, against }) => commit === place && against === 0);
  const seen = [
    ...own.map((one) => ({ logRatio: logRatioOf(one), spread })),
    ...stored.filter(({ commit }) => commit === place),
  ];
  if (seen.length === 0) return NOTHING;
  return likelihoods(SHARES.map((share) => seen.map((one) => density((one.logRatio - share * effect) / one.spread))));
}

function besideLikelihood(blocks: readonly MeasuredBlock[], { effect, spread }: Size): Float64Array {
  const logRatios = blocks.map(logRatioOf);
  return likelihoods(CHANGES.map((change) => logRatios.map((one) => density((one - change * effect) / spread))));
}

/** Products, of which the largest is 1. */
function likelihoods(factors: readonly (readonly number[])[]): Float64Array {
  const logs = factors.map((row) => row.reduce((sum, factor) => sum + Math.log(factor), 0));
  const most = Math.max(...logs);
  return Float64Array.from(logs, (log) => Math.max(LEAST_LIKELIHOOD, Math.exp(log - most)));
}

/** What a block may show of the effect, and how probable each is. */
interface Told {
  logRatio: number;
  shares: readonly number[];
  probabilities: Float64Array;
}

function toldBy(measured: MeasuredBlock, stretches: readonly Stretch[], posterior: Posterior): Told | null {
  const logRatio = logRatioOf(measured);
  if (measured.against === 0) {
    const place = stretches.findIndex(({ to }) => to === measured.commit);
    return place < 0 ? null : { logRatio, shares: SHARES, probabilities: posterior.shares[place + 1]! };
  }
  const step = stretches.findIndex((stretch) => isBetween(stretch, measured));
  return step < 0 ? null : { logRatio, shares: CHANGES, probabilities: posterior.around(step) };
}

/** Effect and spread that fit best, by the weights of those before. */
function refitted(told: readonly Told[], { effect, spread }: Size, within: number): Size {
  let [products, squares] = [0, 0];
  eachStory(told, (logRatio, share, probability) => {
    const counts = probability * weight((logRatio - share * effect) / spread);
    products += counts * share * logRatio;
    squares += counts * share * share;
  });
  const better = products / squares;
  let [distances, blocks] = [SPREAD_BLOCKS * within ** 2, SPREAD_BLOCKS];
  eachStory(told, (logRatio, share, probability) => {
    const distance = logRatio - share * better;
    distances += probability * weight(distance / spread) * distance ** 2;
    blocks += probability;
  });
  return { effect: better, spread: Math.max(LEAST_SPREAD, Math.sqrt(distances / blocks)) };
}

function eachStory(told: readonly Told[], visit: (logRatio: number, share: number, probability: number) => void) {
  for (const { logRatio, shares, probabilities } of told) {
    for (const [at, probability] of probabilities.entries()) {
      if (probability > LEAST_PROBABILITY) visit(logRatio, shares[at]!, probability);
    }
  }
}
