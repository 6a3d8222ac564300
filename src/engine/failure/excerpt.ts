// Some thirty lines that Triton's binding prints at every end of vLLM; they would push the error out of the tail.
const NANOBIND_REPORT = /^nanobind: leaked .*\n(?: - .*\n)*|^nanobind: this is likely .*\n(?:See \S*refleaks\.html)?/gm;
/** Share of the kept lines that come after the cause: a traceback stands before it. */
const SHARE_AFTER = 0.3;

/** A log as a terminal shows it: progress bars that overwrite themselves are one line, and no leak report. */
export function readableLog(log: string): string {
  const shown = log.replaceAll("\r\n", "\n").split("\n").map(lastWritten).join("\n");
  return shown.replace(NANOBIND_REPORT, "").trimEnd();
}

/** What stands behind the last return that something follows. */
const lastWritten = (line: string) => line.slice(line.lastIndexOf("\r", line.length - 2) + 1);

/** The last lines of a readable log; when the cause stands before them, the lines around it. @param offset of the cause */
export function excerpt(log: string, count: number, offset?: number): string {
  const lines = log.split("\n");
  const tail = lines.length - count;
  if (offset === undefined) return lines.slice(-count).join("\n");
  const cause = log.slice(0, offset).split("\n").length - 1;
  const start = Math.max(0, Math.min(tail, cause + Math.ceil(count * SHARE_AFTER) - count));
  return lines.slice(start, start + count).join("\n");
}
