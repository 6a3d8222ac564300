import { plainText } from "./plain.ts";

const LONGEST = 500;

/**
 * A line of somebody else's log as one to show beside others.
 * @param line without its line feed; of a progress bar that was drawn over itself only the last state is left
 * @returns undefined where nothing is left to show
 */
export function logLine(line: string, label: string): string | undefined {
  const last = line.split("\r").findLast((part) => part.trim() !== "");
  if (last === undefined) return undefined;
  const text = last.length > LONGEST ? `${last.slice(0, LONGEST)}…` : last;
  const shown = plainText(`${label} │ ${text.replaceAll("\t", "  ")}`).trimEnd();
  return shown === `${label} │` ? undefined : shown;
}
