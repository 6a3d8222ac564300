import type { Evidence } from "../../src/arms/bisect/evidence.ts";
import type { End } from "../../src/arms/bisect/next-step.ts";
import { search } from "../../src/arms/bisect/search.ts";
import type { Random } from "../../src/workload/random.ts";

/** A line of commits whose truth is known. */
export interface SimulatedLine {
  /** Natural logarithm of each commit's number, the good end's first. */
  levels: readonly number[];
  /** Standard deviation of one measurement, relative. */
  noise: number;
  random: Random;
  /** By how much the machine gets slower from one measurement to the next, in logarithms. */
  drift?: number;
  /** Commits that do not build. */
  broken?: ReadonlySet<number>;
  /** How likely a measurement is to be off, and by how much. */
  outliers?: { share: number; logRatio: number };
  stored?: Evidence["stored"];
  weights?: readonly number[];
  maxBlocks?: number;
  direction?: "higher" | "lower";
}

export interface SimulatedSearch {
  end: End;
  evidence: Evidence;
  /** Each twice a commit, in each block. */
  measurements: number;
}

/** Natural logarithm of one measurement of a commit, by a machine that does not drift. */
export function measuredNumber({ levels, noise, random, outliers }: SimulatedLine, commit: number): number {
  const off = outliers !== undefined && random() < outliers.share ? outliers.logRatio : 0;
  return levels[commit]! + noise * normal(random) + off;
}

/** A search in virtual time. */
export async function simulatedSearch(line: SimulatedLine): Promise<SimulatedSearch> {
  const { levels, drift = 0, broken } = line;
  let now = 0;
  const measureOne = (commit: number) => {
    const logarithm = measuredNumber(line, commit) + drift * now;
    return { at: now++, value: Math.exp(logarithm) };
  };
  let evidence: Evidence = {
    weights: line.weights ?? levels.slice(1).map(() => 1),
    blocks: [],
    stored: line.stored ?? [],
    skipped: [],
  };
  const bounds = { maxBlocks: line.maxBlocks ?? 80, margin: 0.02, direction: line.direction ?? null };
  const end = await search(evidence, bounds, {
    async measure({ commit, against }) {
      if (broken?.has(commit)) return { kind: "skipped", commit, detail: "it does not build" };
      const [first, second, third, fourth] = [against, commit, commit, against].map(measureOne);
      return { kind: "block", block: { base: [first!, fourth!], arm: [second!, third!] } };
    },
    async keep(known) {
      evidence = known;
    },
    isTimeUp: () => false,
  });
  return { end, evidence, measurements: now };
}

/** Levels of a line of so many commits after the good end, at some of which the number changes. */
export function levelsOf(commits: number, changes: Readonly<Record<number, number>>): number[] {
  let level = 0;
  return Array.from({ length: commits + 1 }, (_, commit) => (level += Math.log1p(changes[commit] ?? 0)));
}

/** Standard normal, by Box and Muller. */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The commits of a change, the first and the last that may have brought it. */
export const commitsOf = ({ stretch: { from, to } }: End["changes"][number]): [number, number] => [from + 1, to];
