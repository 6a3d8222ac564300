import { joined, type Markdown, md } from "../../foreign-text/markdown.ts";
import { counted } from "../../result/counted.ts";
import type { ExperimentEnd } from "../../result/document/experiment.ts";
import type { Run, RunCell } from "../../result/document/run.ts";
import { median } from "../../result/metrics/distribution.ts";
import { METRICS, type MetricName } from "../../result/metrics/metric.ts";
import { spreadOf } from "../../result/metrics/repeats.ts";
import { formatMetric, headline } from "../../result/series/series.ts";
import { markdownTable } from "../markdown.ts";
import type { ResultTable } from "../tables/tables.ts";
import { terminalTable } from "../terminal.ts";
import { cellLabels } from "../text/cell-label.ts";
import { type Ranked, tiedWithBest } from "./ties.ts";

/** A combination that was measured, with its document. */
interface MeasuredCombination {
  name: string;
  run: Run;
}

export interface ExperimentResults {
  ends: readonly ExperimentEnd[];
  /** Those with a run document; cells that failed have no numbers in it. */
  measured: readonly MeasuredCombination[];
  seconds: number;
}

/** Metrics that combinations are compared by: enough to choose one, not all that was measured. */
const COMPARED: MetricName[] = [
  "startup_s",
  "latency_s",
  "total_token_throughput_tok_s",
  "ttft_ms",
  "tpot_ms",
  "e2el_ms",
  "cost_per_million_tokens",
];

/** `27 combinations: 22 ok, 5 failed, 0 cancelled; 9 left out by rule. 81 % ok, 12.3 s` */
function experimentsLine({ ends, seconds }: ExperimentResults): string {
  const count = (status: ExperimentEnd["status"]) => ends.filter((end) => end.status === status).length;
  const [ok, failed, cancelled, skipped] = [count("ok"), count("failed"), count("cancelled"), count("skipped")];
  const tried = ok + failed + cancelled;
  const share = tried === 0 ? "nothing to run" : `${((100 * ok) / tried).toFixed(0)} % ok`;
  const counts = `${ok} ok, ${failed} failed, ${cancelled} cancelled; ${skipped} left out by rule`;
  return `${counted(tried, "combination")}: ${counts}. ${share}, ${seconds.toFixed(1)} s`;
}

export function experimentsText(results: ExperimentResults): string {
  return [...tablesOf(results).map((table) => `${terminalTable(table)}\n`), experimentsLine(results)].join("\n");
}

/** The job summary of an experiment, GitHub-flavoured Markdown. */
export function experimentsMarkdown(results: ExperimentResults): Markdown {
  const sections = [
    md`## pitwall: experiments`,
    md`${experimentsLine(results)}`,
    ...tablesOf(results).map(markdownTable),
  ];
  return md`${joined(sections, "\n\n")}\n`;
}

function tablesOf({ ends, measured }: ExperimentResults): ResultTable[] {
  const models = Map.groupBy(measured, ({ run }) => run.model.name);
  const ofModels = models.size < 2 ? [] : [...models].map(([model, own]) => bestTable(`Best of ${model}`, own));
  const tables = [bestTable("Best of each metric", measured), ...ofModels, gapTable(ends)];
  return tables.filter(({ rows }) => rows.length > 0);
}

/**
 * A row for each cell and metric that was measured: combinations are compared where they answer the same question. The
 * median is that of the combinations, of each of which the headline counts.
 */
function bestTable(title: string, measured: readonly MeasuredCombination[]): ResultTable {
  const all = measured.flatMap(({ name, run }) => run.cells.map((cell) => ({ name, cell })));
  const cells = Map.groupBy(all, ({ cell }) => cell.id);
  const labels = cellLabels([...cells.values()].map((same) => same[0]!.cell));
  const rows = [...cells].flatMap(([id, same]) =>
    COMPARED.flatMap((metric) => {
      const ranked = rank(metric, same);
      if (ranked.length === 0) return [];
      const { label, unit } = METRICS[metric];
      const values = ranked.map(({ value }) => value);
      const shown = [values[0]!, median(values), values.at(-1)!].map((value) => formatMetric(metric, value));
      const named = namesOf(tiedWithBest(metric, ranked));
      return [[labels.get(id)!, `${label} (${unit})`, named, ...shown, String(values.length)]];
    }),
  );
  return { title, columns: ["Cell", "Metric", "Combination", "Best", "Median", "Worst", "Of"], firstNumber: 3, rows };
}

/** The winner's name; of several between which the numbers do not decide, all, or the first few. */
function namesOf(tied: readonly Ranked[]): string {
  if (tied.length === 1) return tied[0]!.name;
  const shown = tied.slice(0, MOST_TIED).map(({ name }) => name);
  const more = tied.length - shown.length;
  return `tie: ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const MOST_TIED = 3;

/** Best first. */
function rank(metric: MetricName, same: readonly { name: string; cell: RunCell }[]): Ranked[] {
  const sign = METRICS[metric].better === "higher" ? -1 : 1;
  const numbers = same.flatMap(({ name, cell }) => {
    if (cell.status !== "ok") return [];
    const value = headline(cell.metrics, metric);
    if (value === undefined) return [];
    const stored = cell.repeats?.metrics[metric];
    const interval = stored === undefined ? undefined : spreadOf(stored).interval;
    return [{ name, value, interval }];
  });
  return numbers.toSorted((a, b) => sign * (a.value - b.value));
}

/** GitHub shows no summary above 1 MB. */
const MOST_ROWS = 200;

function gapTable(ends: readonly ExperimentEnd[]): ResultTable {
  const rows = ends
    .filter(({ status }) => status !== "ok")
    .map(({ name, status, reason, detail }) => [name, status, reason ?? "–", (detail ?? "").replaceAll(/\s+/g, " ")]);
  return {
    title: "Without numbers, or not all",
    columns: ["Combination", "State", "Class", "Why"],
    firstNumber: 4,
    rows: rows.slice(0, MOST_ROWS),
    ...(rows.length > MOST_ROWS
      ? { note: `and ${rows.length - MOST_ROWS} more: experiments.csv has all of them` }
      : {}),
  };
}
