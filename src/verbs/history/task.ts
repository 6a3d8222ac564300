import { UsageError } from "../../errors.ts";
import { LIMITS } from "../../foreign-text/limits.ts";
import type { Tools } from "../../tools.ts";
import type { Outcome } from "../verb.ts";
import { accept } from "./accept.ts";
import type { TaskHome } from "./record.ts";
import { rename } from "./rename.ts";
import { retract } from "./retract.ts";

interface Task extends TaskHome {
  /** The words after `history`. */
  task: readonly string[];
  why: string | undefined;
  from: readonly string[] | undefined;
  since?: number | undefined;
  until?: number | undefined;
  /** Options of queries alone, which these tasks would ignore. */
  host?: unknown;
  ref?: unknown;
  commit?: unknown;
  series?: unknown;
  cell?: unknown;
  skipDamaged: boolean;
  dryRun: boolean;
}

/** Which of the options go with which task; those of queries go with none. */
const OPTIONS = {
  retract: ["dryRun"],
  rename: ["since", "until", "dryRun"],
  accept: ["from", "dryRun"],
} as const satisfies Record<string, readonly (keyof Task)[]>;
const TASKS = { retract, rename, accept };

/** `history retract …`, `rename …` and `accept …`: what changes the history, by adding records. */
export async function changeHistory({ task, why, ...rest }: Task, tools: Tools): Promise<Outcome> {
  const [word, ...words] = task;
  if (word !== "retract" && word !== "rename" && word !== "accept") {
    throw new UsageError(
      `history knows no “${word}”; it can: history retract RUN --why TEXT, history rename WHAT FROM TO --why TEXT, ` +
        "history accept SERIES --from RUN --why TEXT",
    );
  }
  const own: readonly string[] = OPTIONS[word];
  const all = ["host", "ref", "commit", "series", "cell", "since", "until", "from", "dryRun"] as const;
  const stray = all.find((key) => rest[key] && !own.includes(key));
  if (stray !== undefined) throw new UsageError(`--${stray === "dryRun" ? "dry-run" : stray} does not go with ${word}`);
  if (words.length > 0 && why === undefined) {
    throw new UsageError("say why with --why TEXT; it is kept beside the runs");
  }
  if (why !== undefined && why.length > LIMITS.text) {
    throw new UsageError(`--why has ${why.length} characters: keep it to ${LIMITS.text}, every reader shows it`);
  }
  return await TASKS[word]({ ...rest, words, why: why ?? "" }, tools);
}
