import type { Extent, Progress } from "./tools.ts";

interface LineProgressOptions {
  title: string;
  total: Extent;
  print(line: string): void;
  everySeconds?: number;
}

/** Progress where there is no terminal: one line now and then, also while nothing gets done, and one at the end. */
export function lineProgress({ title, total, print, everySeconds = 10 }: LineProgressOptions): Progress {
  let line = describe(title, 0, total);
  const timer = setInterval(() => print(line), everySeconds * 1000);
  timer.unref();
  return {
    update(done, note) {
      line = describe(title, done, total, note);
    },
    end() {
      clearInterval(timer);
      print(line);
    },
  };
}

function describe(title: string, done: number, total: Extent, note?: string): string {
  return `${title}: ${extentText(Number(done.toFixed(1)), total)}${note === undefined ? "" : `, ${note}`}`;
}

/** What is done, and as much of the rest as is known. */
export function extentText(done: number, total: Extent): string {
  if (typeof total === "number") {
    const percent = total > 0 ? Math.floor((100 * done) / total) : 100;
    return `${done} of ${total} (${percent} %)`;
  }
  if ("of" in total) return `${Math.floor(done)} of ${total.of} ${total.unit}`;
  return `${done} ${total.unit} so far, at most ${total.atMost} ${total.unit}`;
}
