import { stripVTControlCharacters } from "node:util";

const LONGEST = 500;

/**
 * A line of somebody else's log as one that a terminal and a CI runner only show. GitHub's runner takes `::name::` at the
 * beginning of a line for a command, which the label before it prevents, and `##[name]` anywhere (actions/runner,
 * ActionCommand.cs: TryParseV2, TryParse). A carriage return would begin a line anew, for both.
 * @param line without its line feed; of a progress bar that was drawn over itself only the last state is left
 * @returns undefined where nothing is left to show
 */
export function inertLine(line: string, label: string): string | undefined {
  const last = line.split("\r").findLast((part) => part.trim() !== "");
  if (last === undefined) return undefined;
  const plain = stripVTControlCharacters(last)
    .replaceAll("\t", "  ")
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, "")
    .replaceAll(/##(?=\[|vso\[)/g, "# #")
    .trimEnd();
  if (plain === "") return undefined;
  return `${label} │ ${plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain}`;
}
