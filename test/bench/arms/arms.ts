/**
 * How often a comparison of two builds is wrong, how much it finds and what it costs, on machines whose truth is known, in
 * virtual time; beside the rules that others use. `npm run bench:arms`, `-- 10000` for more comparisons than 2,000 each.
 */
import { terminalTable } from "../../../src/report/terminal.ts";
import { mean, median } from "../../../src/result/metrics/distribution.ts";
import { seededRandom } from "../../../src/workload/random.ts";
import { type Disturbance, MACHINES, virtualBlocks } from "../../support/virtual-pair.ts";
import { peekingBootstrap, peekingRanks } from "./peeking.ts";
import { duet, type End, fixedBlocks, fixedOrder, type Pair, type Rule, sequential, singleRuns } from "./rules.ts";

const COMPARISONS = Number(process.argv[2] ?? 2000);
const MAX_BLOCKS = 20;
const EFFECTS = [0, 0.01, 0.02, 0.03, 0.05, 0.1];

function pairOn(machine: Disturbance, effect: number, noise: number, seed: number): Pair {
  const random = seededRandom(seed, 5);
  const disturbed = machine(random, noise);
  let position = 0;
  return {
    random,
    blocks: () => virtualBlocks(1 + effect, disturbed),
    next: (who) => (who === "arm" ? Math.log1p(effect) : 0) + disturbed(position++),
  };
}

const compare = (rule: Rule, machine: Disturbance, effect: number, noise: number): End[] =>
  Array.from({ length: COMPARISONS }, (_, seed) => rule(pairOn(machine, effect, noise, seed)));

const share = (ends: readonly End[], holds: (end: End) => boolean) => ends.filter(holds).length / ends.length;
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

/** Right: the difference that there is; without one, that it is none. */
const isRight = (effect: number) => (end: End) => end.verdict === (effect === 0 ? "same" : "higher");
const isDifference = ({ verdict }: End) => verdict === "higher" || verdict === "lower";
const blocksOf = (ends: readonly End[]) => mean(ends.map(({ blocks }) => blocks));

function row(label: string, ends: readonly End[], effect: number): string[] {
  const intervals = ends.flatMap(({ interval }) => (interval === undefined ? [] : [interval]));
  const held = intervals.filter(([low, high]) => low <= 1 + effect && 1 + effect <= high).length;
  const widths = intervals.map(([low, high]) => high - low);
  return [
    label,
    percent(effect),
    percent(share(ends, isRight(effect))),
    percent(share(ends, (end) => (effect === 0 ? isDifference(end) : end.verdict === "lower"))),
    percent(share(ends, ({ verdict }) => verdict === "undecided")),
    blocksOf(ends).toFixed(1),
    ...(intervals.length === 0 ? ["–", "–"] : [percent(held / intervals.length), percent(median(widths))]),
  ];
}

const COLUMNS = ["", "true effect", "right", "wrong", "undecided", "blocks", "interval holds it", "its width"];

function show(title: string, rows: string[][]): void {
  console.log(`${terminalTable({ title, columns: COLUMNS, firstNumber: 1, rows })}\n`);
}

const ours = sequential(MAX_BLOCKS);
console.log(`${COMPARISONS} comparisons a line; “right” without an effect: called equal within 2 %.\n`);

show(
  "Ours, at most 20 blocks, on a steady machine",
  [0.005, 0.01, 0.02, 0.05].flatMap((noise) =>
    EFFECTS.map((effect) => row(`noise ${percent(noise)}`, compare(ours, MACHINES.steady, effect, noise), effect)),
  ),
);
show(
  "Ours, noise 2 %, on worse machines",
  (Object.keys(MACHINES) as (keyof typeof MACHINES)[]).flatMap((machine) =>
    [0, 0.02, 0.05].map((effect) => row(machine, compare(ours, MACHINES[machine], effect, 0.02), effect)),
  ),
);
const OTHERS: Record<string, Rule> = {
  "(a) one run each, ± 2 %": singleRuns,
  "(b) ten and ten, Welch's t": fixedOrder,
  "(c) ten pairs at once": duet,
  "bootstrap at each look": peekingBootstrap(MAX_BLOCKS),
  "signed ranks at each look": peekingRanks(MAX_BLOCKS),
};
for (const machine of ["steady", "drifting", "bimodal"] as const) {
  const rows = [0, 0.02, 0.05].flatMap((effect) =>
    Object.entries(OTHERS).map(([name, rule]) => row(name, compare(rule, MACHINES[machine], effect, 0.02), effect)),
  );
  show(`Other rules, noise 2 %, on a ${machine} machine`, rows);
}

const COSTED = [0, 0.03, 0.05, 0.1];
const onSteady = (rule: Rule) => COSTED.map((effect) => compare(rule, MACHINES.steady, effect, 0.02));
const power = (all: readonly End[][]) => mean(all.map((ends, index) => share(ends, isRight(COSTED[index]!))));
const fixed = onSteady(fixedBlocks(10));
/** The smallest budget that is right as often, over the four effects, as the fixed design. */
const budgets = [8, 9, 10, 11, 12, 13, 14].map((most) => ({ most, ends: onSteady(sequential(most)) }));
const equal = budgets.find(({ ends }) => power(ends) >= power(fixed));
if (equal === undefined) throw new Error("no budget is as good as ten fixed blocks: the rule has lost its power");
const cost = mean(equal.ends.map(blocksOf)) / 10;
const nulls = compare(ours, MACHINES.steady, 0, 0.02);
const five = compare(ours, MACHINES.steady, 0.05, 0.02);
const two = compare(ours, MACHINES.steady, 0.02, 0.02);
const figures = [
  ["equal builds told apart", share(nulls, isDifference), "at most", 0.01],
  ["5 % found within 8 blocks", share(five, (end) => end.blocks <= 8 && end.verdict === "higher"), "at least", 0.95],
  ["2 % found within 20 blocks", share(two, isRight(0.02)), "at least", 0.85],
  [
    `engine time of ten fixed blocks, right in ${percent(power(fixed))}, that ours takes with at most ${equal.most}`,
    cost,
    "at most",
    0.6,
  ],
] as const;
for (const [what, value, bound, limit] of figures) {
  const isKept = bound === "at most" ? value <= limit : value >= limit;
  console.log(`${isKept ? "✓" : "✗"} ${what}: ${percent(value)} (${bound} ${percent(limit)})`);
  if (!isKept) process.exitCode = 1;
}
