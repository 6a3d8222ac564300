const bytesOf = (text: string) => new TextEncoder().encode(text).length;

const NOTE =
  "> [!WARNING]\n> Cut here: GitHub shows no job summary above 1 MiB. The whole is in summary.md of the working folder.\n";
const FENCE = "````";
const CLOSING = `${FENCE}\n\n</details>\n`;

/**
 * The beginning of a Markdown text, whole lines of it, with a note where it was cut and nothing left open.
 * @param bytes the most that it may have in UTF-8
 * @returns undefined when there is no room for anything
 */
export function fitMarkdown(markdown: string, bytes: number): { text: string; isCut: boolean } | undefined {
  if (bytesOf(markdown) <= bytes) return { text: markdown, isCut: false };
  const room = bytes - bytesOf(`\n${CLOSING}\n${NOTE}`);
  if (room < 0) return undefined;
  const lines = linesWithin(markdown.split("\n"), room);
  const isOpen = lines.filter((line) => line.trimStart().startsWith(FENCE)).length % 2 === 1;
  return { text: [...lines, ...(isOpen ? [CLOSING] : []), "", NOTE].join("\n"), isCut: true };
}

function linesWithin(lines: readonly string[], bytes: number): string[] {
  let left = bytes;
  const beyond = lines.findIndex((line) => {
    left -= bytesOf(line) + 1;
    return left < 0;
  });
  return lines.slice(0, beyond);
}
