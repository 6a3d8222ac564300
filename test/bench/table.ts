import { percentile } from "../../src/result/metrics/distribution.ts";
import { MEASURES, type MeasureName } from "./measures.ts";
import type { BenchRun } from "./run-cell.ts";
import { isReached, targetsOf, targetText } from "./targets.ts";

export interface Row {
  cell: string;
  measure: string;
  /** Values of the runs that count, by tool; a tool without any is absent. */
  values: Map<string, Spread>;
  /** Our median ÷ that of vllm. */
  ratio: number | null;
  target: string;
  /** With ~ where it rests on runs with a late engine; empty without a target, or without the figures it needs. */
  reached: string;
}

interface Spread {
  median: number;
  min: number;
  max: number;
  /** Whether the engine was on time; when it never was, the runs with a late one are better than none. */
  punctual: boolean;
}

/** One row for each cell and measure that any run has a value of. */
export function tableRows(runs: readonly BenchRun[]): Row[] {
  const cells = [...new Set(runs.map(({ cell }) => cell))];
  return cells.flatMap((cell) =>
    (Object.keys(MEASURES) as MeasureName[]).flatMap((measure) => {
      const values = spreadsOf(
        runs.filter((run) => run.cell === cell),
        measure,
      );
      return values.size === 0 ? [] : [rowOf(cell, measure, values)];
    }),
  );
}

function spreadsOf(runs: readonly BenchRun[], measure: MeasureName): Row["values"] {
  const spreads = new Map<string, Spread>();
  for (const tool of new Set(runs.map((run) => run.tool))) {
    const counted = runs.filter((run) => run.tool === tool && typeof run.measures?.[measure] === "number");
    const onTime = counted.filter(({ punctual }) => punctual);
    const used = onTime.length > 0 ? onTime : counted;
    if (used.length > 0)
      spreads.set(
        tool,
        spreadOf(
          used.map(({ measures }) => measures![measure]!),
          onTime.length > 0,
        ),
      );
  }
  return spreads;
}

function spreadOf(values: readonly number[], punctual: boolean): Spread {
  const ascending = values.toSorted((a, b) => a - b);
  return { median: percentile(ascending, 50), min: ascending[0]!, max: ascending.at(-1)!, punctual };
}

function rowOf(cell: string, measure: MeasureName, values: Row["values"]): Row {
  const medians = new Map([...values].map(([tool, { median }]) => [tool, median]));
  const targets = targetsOf(cell, measure);
  const verdicts = targets.map((target) => isReached(target, medians));
  const doubt = [...values.values()].every(({ punctual }) => punctual) ? "" : "~";
  const [ours, vllm] = [medians.get("pitwall"), medians.get("vllm")];
  return {
    cell,
    measure: MEASURES[measure],
    values,
    ratio: ours === undefined || vllm === undefined || vllm === 0 ? null : ours / vllm,
    target: targets.map(targetText).join(", "),
    reached: targets.length === 0 || verdicts.includes(null) ? "" : `${verdicts.every(Boolean) ? "yes" : "no"}${doubt}`,
  };
}

const LEGEND =
  "Median of the valid runs (least … greatest), of those with the engine on time where there are any; ~: there are none.";

/** Markdown: a table for each cell, then what did not count and what is doubtful. */
export function markdownReport(runs: readonly BenchRun[], tools: readonly string[]): string {
  const rows = tableRows(runs);
  const cells = [...new Set(runs.map(({ cell }) => cell))];
  const tables = cells.map((cell) => cellTable(cell, rows, runs, tools));
  const remarks = runs.flatMap(({ cell, tool, repeat, problems, notes }) =>
    [...problems.map((problem) => `failed: ${problem}`), ...notes].map(
      (text) => `- ${tool}, ${cell}, repeat ${repeat}: ${text.replaceAll(/\s+/g, " ").trim()}`,
    ),
  );
  return [
    LEGEND,
    ...tables,
    ...(remarks.length === 0 ? [] : [`### Failed and doubtful\n\n${remarks.join("\n")}`]),
  ].join("\n\n");
}

function cellTable(cell: string, rows: readonly Row[], runs: readonly BenchRun[], tools: readonly string[]): string {
  const header = ["measure", ...tools, "pitwall ÷ vllm", "target", "reached"];
  const valid = (tool: string) => {
    const ofTool = runs.filter((run) => run.cell === cell && run.tool === tool);
    const ok = ofTool.filter(({ problems }) => problems.length === 0);
    return `${ok.length} of ${ofTool.length}, ${ok.filter(({ punctual }) => punctual).length}`;
  };
  const lines = [
    header,
    header.map((_, index) => (index === 0 || index > tools.length + 1 ? "---" : "--:")),
    ["Valid runs, of them with the engine on time", ...tools.map(valid), "", "", ""],
    ...rows
      .filter((row) => row.cell === cell)
      .map(({ measure, values, ratio, target, reached }) => [
        measure,
        ...tools.map((tool) => spreadText(values.get(tool))),
        ratio === null ? "" : ratio.toPrecision(2),
        target,
        reached,
      ]),
  ];
  return `### ${cell}\n\n${lines.map((line) => `| ${line.join(" | ")} |`).join("\n")}`;
}

const number = (value: number) =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3);

function spreadText(spread: Spread | undefined): string {
  if (spread === undefined) return "";
  const { median, min, max, punctual } = spread;
  const range = min === max ? "" : ` (${number(min)} … ${number(max)})`;
  return `${punctual ? "" : "~"}${number(median)}${range}`;
}
