import type { Progress } from "./verbs/verb.ts";

interface LineProgressOptions {
  title: string;
  total: number;
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

function describe(title: string, done: number, total: number, note?: string): string {
  const percent = total > 0 ? Math.floor((100 * done) / total) : 100;
  return `${title}: ${Number(done.toFixed(1))} of ${total} (${percent} %)${note === undefined ? "" : `, ${note}`}`;
}
