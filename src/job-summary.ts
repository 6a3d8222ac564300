import { appendFile, stat } from "node:fs/promises";
import { messageOf } from "./errors.ts";
import { fitMarkdown } from "./foreign-text/fit-markdown.ts";
import type { Markdown } from "./foreign-text/markdown.ts";

/** Most bytes of a step's summary, whoever writes it: GitHub drops a summary above 1,024 KiB whole. Leaves room for what a workflow adds itself. */
const MOST_BYTES = 1_000_000;

/**
 * Adds Markdown to the job summary of the workflow step that we run in, as much as GitHub shows. It never fails what it tells of.
 * @returns what a person should know: that it was cut, or could not be written
 */
export async function addToJobSummary(markdown: Markdown, file: string): Promise<string[]> {
  try {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    const fitted = fitMarkdown(`${markdown.source}\n`, MOST_BYTES - size);
    if (fitted !== undefined) await appendFile(file, fitted.text);
    if (fitted?.isCut === false) return [];
    const what = fitted === undefined ? "has no room for this run" : "was cut";
    return [
      `the job summary ${what}, for GitHub shows none above 1 MiB: the whole is in summary.md of the working folder`,
    ];
  } catch (error) {
    return [`the job summary could not be written: ${messageOf(error)}`];
  }
}
