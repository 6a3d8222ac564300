import type { StepTiming } from "../timing/step-time.ts";

/** What was measured, of one step or as sums over several. */
export interface FitRow {
  /** Duration of all of them, ms. */
  ms: number;
  steps: number;
  tokens: number;
  contextTokens: number;
  sequences: number;
}

const MOST_SWEEPS = 20_000;

/**
 * Non-negative least squares of ms on (steps, tokens, context tokens, sequences), each row weighted by 1 / ms so that
 * a short step counts as much as a long one; solved by cyclic coordinate descent (Franc, Hlaváč and Navara, 2005).
 * The fixed part of a step and the reading of the weights cannot be told apart, so all of it becomes `overhead`. Columns
 * that go together in all rows, such as the tokens and sequences of decodes alone, are told apart by chance: vary lengths
 * and batch sizes.
 * @throws RangeError when there are no rows, or one has no duration
 */
export function fitTiming(rows: readonly FitRow[]): StepTiming {
  if (rows.length === 0) throw new RangeError("a fit needs at least one row");
  if (rows.some(({ ms }) => !(ms > 0))) throw new RangeError("every row of a fit needs a duration above 0");
  const columns = [
    rows.map((row) => row.steps / row.ms),
    rows.map((row) => row.tokens / row.ms),
    rows.map((row) => row.contextTokens / row.ms),
    rows.map((row) => row.sequences / row.ms),
  ];
  const target = rows.map(() => 1);
  const [overhead, perToken, perContextToken, perSequence] = nonNegativeLeastSquares(columns, target) as Four;
  return { overhead, weights: 0, perToken, perContextToken, perSequence };
}

type Four = [number, number, number, number];

function nonNegativeLeastSquares(columns: readonly number[][], target: readonly number[]): number[] {
  // Columns are scaled to length 1, so that one tolerance fits coefficients a million times apart.
  const norms = columns.map((column) => Math.sqrt(dot(column, column)) || 1);
  const units = columns.map((column, i) => column.map((value) => value / norms[i]!));
  const gram = units.map((a) => units.map((b) => dot(a, b)));
  const gradient = units.map((column) => -dot(column, target));
  const solution = units.map(() => 0);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0;
    for (const [i, row] of gram.entries()) {
      if (row[i] === 0) continue;
      const next = Math.max(0, solution[i]! - gradient[i]! / row[i]!);
      const change = next - solution[i]!;
      if (change === 0) continue;
      solution[i] = next;
      for (const [j, weight] of row.entries()) gradient[j]! += change * weight;
      largest = Math.max(largest, Math.abs(change));
    }
    if (largest < 1e-12) break;
  }
  return solution.map((value, i) => value / norms[i]!);
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** A timing's answer to a row. */
export function predictedMs(timing: StepTiming, row: FitRow): number {
  return (
    (timing.overhead + timing.weights) * row.steps +
    timing.perToken * row.tokens +
    timing.perContextToken * row.contextTokens +
    timing.perSequence * row.sequences
  );
}

/** For each row the relative error of a fit to all others: what the fit is worth where it has not looked. */
export function heldOutErrors(rows: readonly FitRow[]): number[] {
  return rows.map((row, i) => predictedMs(fitTiming(rows.toSpliced(i, 1)), row) / row.ms - 1);
}
