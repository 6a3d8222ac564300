import type { Run, RunCell } from "../../result/document/run.ts";
import { mean } from "../../result/metrics/distribution.ts";
import { METRICS, type MetricName } from "../../result/metrics/metric.ts";
import { present } from "../../result/present.ts";
import { contextKey, contextOf, headline, type SeriesContext } from "../../result/series/series.ts";
import { JUDGED } from "../../verdict/judge-run.ts";
import { newestCells, numbersOf } from "../../verdict/run-numbers.ts";
import { separateSeries } from "../../verdict/separate-series.ts";
import type { ComparisonState } from "../comparison.ts";
import { type NoiseSource, ratioOf } from "./ratio.ts";

/** One metric of one cell in one context, on both sides. */
export interface HistoryRow {
  context: SeriesContext;
  cell: string;
  metric: MetricName;
  /** Mean of the numbers of each side's runs, in the metric's unit; absent where a side has none. The ratio is of geometric means. */
  a?: number;
  b?: number;
  /** Runs of the sides that have a number. */
  runs: [number, number];
  /** B ÷ A, with a 95 % interval where the noise is known. */
  ratio?: number;
  low?: number;
  high?: number;
  /** What the interval is from. */
  noise?: NoiseSource;
  /** From B's side. */
  state: Extract<ComparisonState, "wins" | "loses" | "ties" | "undecided" | "invalid" | "arm_failed">;
  detail?: string;
}

interface Sides {
  a: readonly Run[];
  b: readonly Run[];
  /** All runs of the history, those of both sides among them, oldest first: they tell how much numbers vary. */
  history: readonly Run[];
  /** Relative difference below which two numbers are equal. */
  margin: number;
}

/**
 * Every series that one of the sides has. Where only one has it, the row says why there is nothing to compare: the cell failed
 * there, its context or workload is another one, or nobody measured it.
 */
export function compareRuns({ a, b, history, margin }: Sides): HistoryRow[] {
  const contexts = Map.groupBy([...a, ...b].map(contextOf), contextKey);
  const histories = Map.groupBy(history, (run) => contextKey(contextOf(run)));
  const ids = { a: new Set(a.map(({ id }) => id)), b: new Set(b.map(({ id }) => id)) };
  const rows = [...contexts].flatMap(([key, [context]]) => {
    const own = separateSeries(histories.get(key)!);
    const sides = { a: own.filter(({ id }) => ids.a.has(id)), b: own.filter(({ id }) => ids.b.has(id)) };
    return inContext({ context: context!, own, ...sides, ids, margin });
  });
  return withReasons(rows);
}

interface InContext {
  context: SeriesContext;
  /** Runs of the context, oldest first, with cells of another workload under another name. */
  own: readonly Run[];
  a: readonly Run[];
  b: readonly Run[];
  ids: { a: ReadonlySet<string>; b: ReadonlySet<string> };
  margin: number;
}

function inContext(all: InContext): HistoryRow[] {
  const cells = Map.groupBy(
    [...all.a, ...all.b].flatMap((run) => run.cells),
    ({ id }) => id,
  );
  return [...cells].flatMap(([id, some]) => {
    const metrics = JUDGED.filter((metric) => some.some((cell) => hasNumber(cell, metric)));
    return metrics.map((metric) => compareSeries(id, metric, all));
  });
}

const hasNumber = (cell: RunCell, metric: MetricName) =>
  cell.status === "ok" && headline(cell.metrics, metric) !== undefined;

function compareSeries(cell: string, metric: MetricName, { context, own, a, b, ids, margin }: InContext): HistoryRow {
  const cells = newestCells(own, cell, own.length);
  const numbers = numbersOf(cells, metric);
  const ofA = numbers.filter(({ run }) => ids.a.has(run));
  const ofB = numbers.filter(({ run }) => ids.b.has(run));
  const runs: [number, number] = [ofA.length, ofB.length];
  const identity = { context, cell, metric, runs, ...present({ a: middle(ofA), b: middle(ofB) }) };
  const missing = [a, b].flatMap((side, index) => (runs[index] === 0 ? [whyNone(side, cell, "AB"[index]!)] : []));
  if (missing.length > 0) return { ...identity, ...missing[0]! };
  const repeats = [a, b].map((side) => repeatsOf(side, cell, metric));
  const { difference, ...known } = ratioOf({ numbers, a: ofA, b: ofB, repeats, margin });
  const beyond = difference === METRICS[metric].better ? "wins" : "loses";
  const states = { same: "ties", undecided: "undecided", higher: beyond, lower: beyond } as const;
  return { ...identity, ...known, state: states[difference] };
}

const middle = (numbers: readonly { value: number }[]) =>
  numbers.length === 0 ? undefined : mean(numbers.map(({ value }) => value));

/** Values of single repeats, where the side's runs have them. */
function repeatsOf(side: readonly Run[], id: string, metric: MetricName): number[] {
  return side.flatMap(({ cells }) => {
    const cell = cells.find((one) => one.id === id);
    const stored = cell?.status === "ok" ? cell.repeats?.metrics[metric] : undefined;
    return stored === undefined ? [] : Array.isArray(stored) ? stored : stored.values;
  });
}

function whyNone(side: readonly Run[], id: string, name: string): Pick<HistoryRow, "state" | "detail"> {
  const cell = side.flatMap(({ cells }) => cells).findLast((one) => one.id === id);
  if (cell === undefined || cell.status === "ok") return { state: "invalid", detail: `${name} did not measure it` };
  return { state: "arm_failed", detail: `${name} has no number: ${cell.reason}: ${cell.detail}` };
}

/** What one side measured in another context, or with another workload, is not “not measured”: it is said what differs. */
function withReasons(rows: readonly HistoryRow[]): HistoryRow[] {
  const isOnly = (side: 0 | 1) => (row: HistoryRow) => row.state === "invalid" && row.runs[1 - side] === 0;
  const idOf = ({ cell, metric }: HistoryRow) => `${cell.split(" (", 1)[0]} ${metric}`;
  const onlyB = rows.filter(isOnly(1));
  const joined = rows.filter(isOnly(0)).map((a) => {
    const index = onlyB.findIndex((b) => idOf(b) === idOf(a));
    if (index < 0) return a;
    const [b] = onlyB.splice(index, 1);
    const runs: HistoryRow["runs"] = [a.runs[0], b!.runs[1]];
    return { ...a, ...present({ b: b!.b }), runs, detail: differences(a, b!) };
  });
  return [...rows.filter((row) => !isOnly(0)(row) && !isOnly(1)(row)), ...joined, ...onlyB];
}

function differences(a: HistoryRow, b: HistoryRow): string {
  const [one, other]: Record<string, unknown>[] = [{ ...a.context }, { ...b.context }];
  const names = [...new Set([...Object.keys(one!), ...Object.keys(other!)])].filter(
    (name) => one![name] !== other![name],
  );
  const parts = names.map((name) => `${name} ${one![name] ?? "none"} → ${other![name] ?? "none"}`);
  if (a.cell !== b.cell) parts.push(`workload ${a.cell} → ${b.cell}`);
  return `not comparable: ${parts.join(", ")}`;
}
