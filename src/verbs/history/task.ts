import { UsageError } from "../../errors.ts";
import type { Outcome, Tools } from "../verb.ts";
import { rename } from "./rename.ts";
import { retract } from "./retract.ts";

interface Task {
  /** The words after `history`. */
  task: readonly string[];
  why: string | undefined;
  database: string;
  token?: string | undefined;
  since?: number | undefined;
  until?: number | undefined;
  /** Of queries: they would be ignored. */
  host?: unknown;
  ref?: unknown;
  commit?: unknown;
  series?: unknown;
  cell?: unknown;
  skipDamaged: boolean;
  dryRun: boolean;
}

/** `history retract …` and `history rename …`: what changes the history, by adding records. */
export async function changeHistory({ task, why, ...rest }: Task, tools: Tools): Promise<Outcome> {
  const [word, ...words] = task;
  if (word !== "retract" && word !== "rename") {
    throw new UsageError(
      `history knows no “${word}”; it can: history retract RUN --why TEXT, history rename WHAT FROM TO --why TEXT`,
    );
  }
  const own = word === "rename" ? [] : (["since", "until", "dryRun"] as const);
  const stray = (["host", "ref", "commit", "series", "cell", ...own] as const).find((key) => rest[key]);
  if (stray !== undefined) throw new UsageError(`--${stray === "dryRun" ? "dry-run" : stray} does not go with ${word}`);
  if (words.length > 0 && why === undefined) {
    throw new UsageError("say why with --why TEXT; it is kept beside the runs");
  }
  const inputs = { ...rest, words, why: why ?? "" };
  return word === "retract" ? await retract(inputs, tools) : await rename(inputs, tools);
}
