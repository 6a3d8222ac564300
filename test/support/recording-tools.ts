import type { Tools } from "../../src/tools.ts";

/** Tools of a verb that keep what was said: `warning: …` and so on, in order. */
export function recordingTools({ env = process.env, signal = new AbortController().signal } = {}) {
  const said: string[] = [];
  const say = (kind: string) => (message: string) => {
    said.push(`${kind}: ${message}`);
  };
  const report: Tools["report"] = {
    info: say("info"),
    warning: say("warning"),
    error: say("error"),
    group: (_title, work) => work(),
    progress: () => ({ update() {}, end() {} }),
  };
  return { report, env, signal, said };
}
