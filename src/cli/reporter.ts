import { SingleBar } from "cli-progress";
import { lineProgress } from "../line-progress.ts";
import type { Progress, Reporter } from "../verbs/verb.ts";

/** Speaks on stderr, so that stdout holds nothing but the result. */
export function terminalReporter({
  quiet,
  stream = process.stderr,
}: {
  quiet: boolean;
  stream?: NodeJS.WriteStream;
}): Reporter {
  const print = (message: string) => void stream.write(`${message}\n`);
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
      return stream.isTTY ? barProgress(title, total, stream) : lineProgress({ title, total, print });
    },
  };
}

function barProgress(title: string, total: number, stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({
    format: `${title} {bar} {value}/{total} {note} · {duration_formatted}`,
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
    update: (done, note = "") => bar.update(done, { note }),
    end: () => bar.stop(),
  };
}
