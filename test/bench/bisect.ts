/*
 * How often a bisect names the right one of 64 commits, and what it measures for that, in virtual time: beside plain bisects,
 * which halve the line whatever the noise. Fails where 5 % at 2 % noise is found less often than in 97 of 100 searches.
 * Usage: node test/bench/bisect.ts [searches, 300]
 */
import { boxTable } from "../../src/report/tables/box-table.ts";
import { seededRandom } from "../../src/workload/random.ts";
import {
  commitsOf,
  levelsOf,
  measuredNumber,
  type SimulatedLine,
  simulatedSearch,
} from "../support/simulated-search.ts";

const COMMITS = 64;
const TARGET = 0.97;
const searches = Number(process.argv[2] ?? 300);

/** Who was found, if anybody, and how often a commit was measured for it. */
interface Found {
  commit: number | null;
  measurements: number;
}
type Search = (line: SimulatedLine) => Promise<Found> | Found;

async function ours(line: SimulatedLine): Promise<Found> {
  const { end, measurements } = await simulatedSearch(line);
  return { commit: end.kind === "culprit" ? commitsOf(end.changes[0]!)[0] : null, measurements };
}

/** Halves the line by a threshold in the middle of the ends. @param level measures a commit, in logarithms */
function halving(level: (commit: number) => number): number {
  const threshold = (level(0) + level(COMMITS)) / 2;
  let [good, bad] = [0, COMMITS];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (level(middle) > threshold) bad = middle;
    else good = middle;
  }
  return bad;
}

/** `git bisect run` with one measurement a commit. */
function plain(line: SimulatedLine): Found {
  let measurements = 0;
  const commit = halving((one) => {
    measurements++;
    return measuredNumber(line, one);
  });
  return { commit, measurements };
}

/** The same, each commit in so many blocks beside the good end. */
const plainInBlocks = (blocks: number) => (line: SimulatedLine) => {
  let measurements = 0;
  const commit = halving((one) => {
    if (one === 0) return 0;
    measurements += 4 * blocks;
    const ratios = Array.from({ length: 2 * blocks }, () => measuredNumber(line, one) - measuredNumber(line, 0));
    return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  });
  return { commit, measurements };
};

interface Case {
  effect: number;
  noise: number;
  outliers?: SimulatedLine["outliers"];
}

async function resultOf(search: Search, { effect, ...machine }: Case, stream: number) {
  const found: { isRight: boolean; isWrong: boolean; measurements: number }[] = [];
  for (let index = 0; index < searches; index++) {
    const random = seededRandom(stream, index);
    const culprit = 1 + Math.floor(random() * COMMITS);
    const { commit, measurements } = await search({
      levels: levelsOf(COMMITS, { [culprit]: effect }),
      ...machine,
      random,
    });
    found.push({ isRight: commit === culprit, isWrong: commit !== null && commit !== culprit, measurements });
  }
  const share = (of: (one: (typeof found)[number]) => boolean) => found.filter(of).length / found.length;
  const measurements = found.reduce((sum, one) => sum + one.measurements, 0) / found.length;
  return { right: share(({ isRight }) => isRight), wrong: share(({ isWrong }) => isWrong), measurements };
}

type Result = Awaited<ReturnType<typeof resultOf>>;

const MOST_BLOCKS = 40;

/** As often as few searches can tell from always. */
const NEARLY_ALWAYS = 0.99;

/** As few blocks a commit as are right as often, or nearly always. */
async function asGood(right: number, one: Case): Promise<[number, Result]> {
  for (let blocks = 1; ; blocks++) {
    const result = await resultOf(plainInBlocks(blocks), one, 3);
    if (result.right >= Math.min(right, NEARLY_ALWAYS) || blocks === MOST_BLOCKS) return [blocks, result];
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const offText = ({ outliers }: Case) =>
  outliers === undefined
    ? ""
    : ` and one of ${1 / outliers.share} off by ${(100 * Math.expm1(outliers.logRatio)).toFixed(0)} %`;
const row = (one: Case, how: string, { right, wrong, measurements }: Result) => [
  ...[`${(100 * one.effect).toFixed(0)} %`, `${(100 * one.noise).toFixed(0)} %${offText(one)}`, how],
  ...[percent(right), percent(wrong), measurements.toFixed(0)],
];

const cases: Case[] = [
  { effect: 0.05, noise: 0.02 },
  { effect: 0.05, noise: 0.01 },
  { effect: 0.03, noise: 0.02 },
  { effect: 0.1, noise: 0.02 },
  { effect: 0.05, noise: 0.02, outliers: { share: 0.05, logRatio: Math.log(4 / 3) } },
];
const rows = [];
for (const one of cases) {
  const result = await resultOf(ours, one, 1);
  const [blocks, equal] = await asGood(result.right, one);
  rows.push(row(one, "pitwall bisect", result));
  rows.push(row(one, "plain, 1 measurement a commit", await resultOf(plain, one, 2)));
  rows.push(row(one, `plain, ${blocks} blocks a commit`, equal));
  if (one === cases[0] && result.right < TARGET) process.exitCode = 1;
}
console.log(`One of ${COMMITS} commits lost that much; ${searches} searches each.`);
const titles = ["loss", "noise", "how", "right", "wrong", "measurements"];
console.log(
  boxTable(
    titles.map((title) => ({ title, align: title === "how" ? "left" : "right" })),
    rows,
  ),
);
