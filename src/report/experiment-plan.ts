import type { ResultTable } from "./tables.ts";

interface Planned {
  name: string;
  model: string | undefined;
  engineArgs: readonly string[];
  knownBad?: string;
}

/** What would be run, in order. */
export function planTable(list: readonly Planned[]): ResultTable {
  return {
    title: "Experiments",
    columns: ["Name", "Model", "Engine arguments", "Runs"],
    firstNumber: 4,
    rows: list.map(({ name, model, engineArgs, knownBad }) => [
      name,
      model ?? "–",
      engineArgs.join(" ") || "–",
      knownBad === undefined ? "yes" : `no, known bad: ${knownBad}`,
    ]),
  };
}
