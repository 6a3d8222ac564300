import { SingleBar } from "cli-progress";
import { plainLine, plainText } from "../foreign-text/plain.ts";
import { extentText, lineProgress } from "../line-progress.ts";
import type { Extent, Progress, Reporter } from "../tools.ts";

/** Speaks on stderr, so that stdout holds nothing but the result. */
export function terminalReporter({
  quiet,
  stream = process.stderr,
}: {
  quiet: boolean;
  stream?: NodeJS.WriteStream;
}): Reporter {
  const print = (message: string) => void stream.write(`${plainText(message)}\n`);
  const info = quiet ? () => {} : print;
  return {
    info,
    warning: (message) => print(`warning: ${message}`),
    error: (message) => print(`error: ${message}`),
    async group(title, work) {
      info(`── ${title}`);
      return work();
    },
    progress(title, total) {
      if (quiet) return { update() {}, end() {} };
      if (!stream.isTTY) return lineProgress({ title, total, print });
      return typeof total === "number" ? barProgress(title, total, stream) : openProgress(title, total, stream);
    },
  };
}

function barProgress(title: string, total: number, stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({
    format: `${plainLine(title)} {bar} {value}/{total} {note} · {duration_formatted}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    // A cell that is half done counts by half.
    formatValue: (value, _options, type) => String(type === "value" ? Number(value.toFixed(1)) : value),
    hideCursor: true,
    stream,
  });
  bar.start(total, 0, { note: "" });
  return {
    update: (done, note = "") => bar.update(done, { note: plainLine(note) }),
    end: () => bar.stop(),
  };
}

/** A line that is written over, without a bar: it would show a share that nobody knows. */
function openProgress(title: string, total: Extent, stream: NodeJS.WriteStream): Progress {
  const start = performance.now();
  const bar = new SingleBar({ format: `${plainLine(title)} {what} · {elapsed} s`, hideCursor: true, stream });
  const shown = (done: number, note: string) => ({
    what: [extentText(Number(done.toFixed(1)), total), plainLine(note)].filter((part) => part !== "").join(", "),
    elapsed: Math.round((performance.now() - start) / 1000),
  });
  bar.start(1, 0, shown(0, ""));
  return {
    update: (done, note = "") => bar.update(0, shown(done, note)),
    end: () => bar.stop(),
  };
}
