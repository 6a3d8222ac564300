/**
 * Shares of the whole change that a commit may show: none, all, or a part where it came in steps; less than none or more
 * than all where one commit took back what another did.
 */
export const SHARES = [-0.5, 0, 0.25, 0.5, 0.75, 1, 1.5] as const;
const COUNT = SHARES.length;

/** Between two neighbouring places of the line. */
export interface ChainStep {
  /** Probability of a change before anything was measured. */
  change: number;
  /** Likelihood of what was measured of the two side by side, at from × {@link COUNT} + to; null: nothing was. */
  beside: Float64Array | null;
}

/** Probabilities given all that was measured. */
export interface Posterior {
  /** Distribution of each place's share, that of the first among them. */
  shares: Float64Array[];
  /** Joint distribution of both shares around a step, at from × {@link COUNT} + to. */
  around(step: number): Float64Array;
}

/**
 * The forward–backward algorithm over a line of places, of which the first shows nothing of the change. One hidden chain
 * holds every story: one commit did it, several did, or some was taken back.
 * @param likelihoods of what was measured at the place behind each step, by share
 */
export function posteriorOf(likelihoods: readonly Float64Array[], steps: readonly ChainStep[]): Posterior {
  const start = Float64Array.from(SHARES, (share) => (share === 0 ? 1 : 0));
  const matrices = steps.map((step, index) => matrixOf(step, likelihoods[index]!));
  const forward = forwardOf(start, matrices);
  const backward = backwardOf(matrices);
  return {
    shares: forward.map((ahead, place) => normalized(ahead.map((value, share) => value * backward[place]![share]!))),
    around(step) {
      const [before, after] = [forward[step]!, backward[step + 1]!];
      return normalized(matrices[step]!.map((value, at) => value * before[fromOf(at)]! * after[toOf(at)]!));
    },
  };
}

const fromOf = (at: number) => Math.floor(at / COUNT);
const toOf = (at: number) => at % COUNT;

/** Prior of the step × all that was measured of it and of the place behind it. */
function matrixOf({ change, beside }: ChainStep, behind: Float64Array): Float64Array {
  const matrix = new Float64Array(COUNT * COUNT);
  const other = change / (COUNT - 1);
  for (let from = 0, at = 0; from < COUNT; from++) {
    for (let to = 0; to < COUNT; to++, at++) {
      matrix[at] = (from === to ? 1 - change : other) * behind[to]! * (beside === null ? 1 : beside[at]!);
    }
  }
  return matrix;
}

function forwardOf(first: Float64Array, matrices: readonly Float64Array[]): Float64Array[] {
  const found: Float64Array[] = [first];
  for (const matrix of matrices) {
    const before = found.at(-1)!;
    const next = new Float64Array(COUNT);
    for (let from = 0, at = 0; from < COUNT; from++) {
      for (let to = 0; to < COUNT; to++, at++) next[to]! += before[from]! * matrix[at]!;
    }
    found.push(normalized(next));
  }
  return found;
}

function backwardOf(matrices: readonly Float64Array[]): Float64Array[] {
  const found: Float64Array[] = [new Float64Array(COUNT).fill(1)];
  for (const matrix of matrices.toReversed()) {
    const after = found.at(-1)!;
    const next = new Float64Array(COUNT);
    for (let from = 0, at = 0; from < COUNT; from++) {
      for (let to = 0; to < COUNT; to++, at++) next[from]! += after[to]! * matrix[at]!;
    }
    found.push(normalized(next));
  }
  return found.reverse();
}

/** Divides, in place, by the sum. */
function normalized(values: Float64Array): Float64Array {
  let sum = 0;
  for (const value of values) sum += value;
  for (let at = 0; at < values.length; at++) values[at]! /= sum;
  return values;
}

/** Probability that the share changes at a step. @param around see {@link Posterior} */
export function changeProbability(around: Float64Array): number {
  return around.reduce((sum, value, at) => (fromOf(at) === toOf(at) ? sum : sum + value), 0);
}

/** Change of the share between the two of a step, for each entry of {@link Posterior.around}. */
export const CHANGES: readonly number[] = SHARES.flatMap((from) => SHARES.map((to) => to - from));

/** Expected change of the share at a step. */
export function expectedChange(around: Float64Array): number {
  return around.reduce((sum, value, at) => sum + value * CHANGES[at]!, 0);
}
