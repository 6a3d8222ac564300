import { LEAST_FENCE } from "./markdown.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

const NOTE =
  "> [!WARNING]\n> Cut here: GitHub shows no job summary above 1 MiB. The whole is in summary.md of the working folder.\n";

/**
 * The beginning of a Markdown text, whole lines of it, with a note where it was cut and nothing left open.
 * @param bytes the most that it may have in UTF-8
 * @returns undefined when there is no room for anything
 */
export function fitMarkdown(markdown: string, bytes: number): { text: string; isCut: boolean } | undefined {
  if (bytesOf(markdown) <= bytes) return { text: markdown, isCut: false };
  const lines = markdown.split("\n");
  const longest = lines.reduce((most, line) => Math.max(most, fenceOf(line).length), LEAST_FENCE);
  const room = bytes - bytesOf(`\n${"`".repeat(longest)}${DETAILS_END}\n${NOTE}`);
  if (room < 0) return undefined;
  const kept = linesWithin(lines, room);
  return { text: [...kept, closing(kept), NOTE].join("\n"), isCut: true };
}

const DETAILS_END = "\n\n</details>\n";

const FENCE = new RegExp(`^\`{${LEAST_FENCE},}(?=(text)?$)`);
const fenceOf = (line: string) => FENCE.exec(line)?.[0] ?? "";

/** What ends the fence and the fold that are still open. */
function closing(lines: readonly string[]): string {
  let fence = "";
  let isFolded = false;
  for (const line of lines) {
    const ticks = fenceOf(line);
    if (fence === "") {
      fence = ticks;
      if (line.includes("<details>")) isFolded = true;
      if (line.includes("</details>")) isFolded = false;
    } else if (line === fence) fence = "";
  }
  return `${fence}${isFolded ? DETAILS_END : ""}`;
}

function linesWithin(lines: readonly string[], bytes: number): string[] {
  let left = bytes;
  const beyond = lines.findIndex((line) => {
    left -= bytesOf(line) + 1;
    return left < 0;
  });
  return lines.slice(0, beyond);
}
