import type { ResultTable } from "../tables/tables.ts";

interface Planned {
  name: string;
  model: string | undefined;
  engineArgs: readonly string[];
  knownBad?: string;
}

/** More than anybody reads; a table of ten thousand rows takes seconds to lay out. */
const MOST_ROWS = 200;

/** What would be run, in order. */
export function planTable(list: readonly Planned[]): ResultTable {
  return {
    title: "Experiments",
    columns: ["Name", "Model", "Engine arguments", "Runs"],
    firstNumber: 4,
    rows: list
      .slice(0, MOST_ROWS)
      .map(({ name, model, engineArgs, knownBad }) => [
        name,
        model ?? "–",
        engineArgs.join(" ") || "–",
        knownBad === undefined ? "yes" : `no, known bad: ${knownBad}`,
      ]),
    ...(list.length > MOST_ROWS ? { note: `and ${list.length - MOST_ROWS} more: --json has all of them` } : {}),
  };
}
