/**
 * How often rules are wrong about series whose truth is known, what they find and when, and what hindsight says of them on public
 * histories. `npm run bench:verdict`, `-- 1000` for more series than 200 a line.
 */
import { terminalTable } from "../../../src/report/terminal.ts";
import { seededRandom } from "../../../src/workload/random.ts";
import { candidate } from "./candidate/judge.ts";
import { histories, inHindsight } from "./hindsight.ts";
import { heavy, mixed, type Noise, normal, persistent, skewed, sticky } from "./noise.ts";
import { previousRun, robustZ, today, twoSigmaOfSeven } from "./rules.ts";
import type { SeriesRule } from "./said.ts";

const SERIES = Number(process.argv[2] ?? 200);
const LENGTH = 200;
const RULES: Record<string, SeriesRule> = {
  candidate,
  today,
  "previous 10 %": previousRun(0.1),
  "previous 200 %": previousRun(1),
  "robust z 5": robustZ,
  "2σ of 7, 1 %": twoSigmaOfSeven,
};

const NULLS: Record<string, { noise: Noise; from?: number }> = {
  "normal 2 %": { noise: normal(0.02) },
  "normal 3 %": { noise: normal(0.03) },
  "normal 5 %": { noise: normal(0.05) },
  "skewed 5 %": { noise: skewed(0.05) },
  "t3 5 %": { noise: heavy(0.05) },
  "AR(1) 0.5, 3 %": { noise: persistent(0.03, 0.5) },
  "AR(1) 0.7, 3 %": { noise: persistent(0.03, 0.7) },
  "two modes, one in 10 changes, from 40 on": { noise: sticky(0.08, 0.1, 0.01), from: 40 },
  "two modes, one in 20 changes, from 40 on": { noise: sticky(0.08, 0.05, 0.01), from: 40 },
  "two modes mixed, from 40 on": { noise: mixed(0.08, 0.3, 0.01), from: 40 },
};

/** Numbers called worse, and onsets for the worse, in 1,000 numbers of a series in which nothing changes. */
function falselyWorse(rule: SeriesRule, { noise, from = 0 }: { noise: Noise; from?: number }): string {
  let [worse, onsets] = [0, 0];
  for (let seed = 0; seed < SERIES; seed++) {
    const listen = rule("lower");
    const next = noise(seededRandom(seed, 1));
    for (let at = 0; at < LENGTH; at++) {
      const { state, isOnset } = listen(100 * (1 + next()));
      if (at < from || state !== "worse") continue;
      worse++;
      if (isOnset) onsets++;
    }
  }
  const numbers = (SERIES * (LENGTH - from)) / 1000;
  return `${(worse / numbers).toFixed(2)} (${(onsets / numbers).toFixed(2)})`;
}

/** Share of steps that are called worse within so many numbers. */
function foundWithin(rule: SeriesRule, step: { size: number; deviation: number; at: number; within: number }): string {
  let found = 0;
  for (let seed = 0; seed < SERIES; seed++) {
    const listen = rule("lower");
    const next = normal(step.deviation)(seededRandom(seed, 2));
    for (let at = 0; at < step.at + step.within; at++) {
      const level = at < step.at ? 100 : 100 * (1 + step.size);
      if (listen(level * (1 + next())).state !== "worse" || at < step.at) continue;
      found++;
      break;
    }
  }
  return percent(found / SERIES);
}

/** Share of drifts of 10 % over 60 numbers, after 40, that are called worse before they are 6 %. */
function driftFound(rule: SeriesRule): string {
  let found = 0;
  for (let seed = 0; seed < SERIES; seed++) {
    const listen = rule("lower");
    const next = normal(0.01)(seededRandom(seed, 3));
    const states = Array.from(
      { length: 76 },
      (_, at) => listen(100 * (1 + Math.max(0, at - 40) / 600) * (1 + next())).state,
    );
    if (states.slice(40).includes("worse")) found++;
  }
  return percent(found / SERIES);
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const STEPS = [
  ...[2, 5].map((within) => ({ size: 0.05, deviation: 0.01, within })),
  ...[5, 10].map((within) => ({ size: 0.03, deviation: 0.01, within })),
  { size: 0.03, deviation: 0.005, within: 3 },
  { size: 0.02, deviation: 0.005, within: 10 },
  { size: 0.1, deviation: 0.03, within: 10 },
].flatMap((step) => [30, 100].map((at) => ({ ...step, at })));

const columns = ["", ...Object.keys(RULES)];
const byRule = (label: string, figure: (rule: SeriesRule) => string) => [label, ...Object.values(RULES).map(figure)];
const show = (title: string, rows: string[][]) =>
  console.log(`${terminalTable({ title, columns, firstNumber: 1, rows })}\n`);

show(
  `Nothing changes: numbers called worse in 1,000 (onsets); ${SERIES} series of ${LENGTH}`,
  Object.entries(NULLS).map(([label, none]) => byRule(label, (rule) => falselyWorse(rule, none))),
);
show("A step for the worse: found", [
  ...STEPS.map((step) =>
    byRule(
      `${percent(step.size)} at noise ${percent(step.deviation)}, number ${step.at}, within ${step.within}`,
      (rule) => foundWithin(rule, step),
    ),
  ),
  byRule("drift of 10 % over 60, noise 1 %, before 6 %", driftFound),
]);
const public6 = histories();
const results = Object.values(RULES).map((rule) => inHindsight(rule, public6));
const sizes = ["2–5 %", "5–10 %", "> 10 %"];
show(`Public histories: ${results[0]!.numbers} numbers of ${public6.length} series, seen in hindsight`, [
  ["false onsets in 1,000", ...results.map(({ falseOnsets, numbers }) => ((1000 * falseOnsets) / numbers).toFixed(1))],
  ...sizes.map((size, index) => [
    `changes of ${size} told within 15`,
    ...results.map(({ found }) => `${found[index]!.told} of ${found[index]!.there}`),
  ]),
]);
