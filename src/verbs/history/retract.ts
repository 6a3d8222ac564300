import { openAppender } from "../../database/append.ts";
import { UsageError } from "../../errors.ts";
import { RUN_ID } from "../../result/run.ts";
import type { Outcome, Tools } from "../verb.ts";
import { recordTarget } from "./record.ts";

interface Retracting {
  /** The words after `history retract`. */
  words: readonly string[];
  why: string;
  database: string;
  token?: string | undefined;
}

/** `history retract RUN… --why TEXT`: adds a record for each run, in one commit. */
export async function retract({ words, why, database, token }: Retracting, tools: Tools): Promise<Outcome> {
  const ids = checkedIds(words);
  const target = recordTarget(database, token, tools);
  await using appender = await openAppender(target, tools);
  const at = new Date().toISOString();
  await appender.retract(ids.map((run) => ({ schema: "pitwall.retraction/1", run, why, at })));
  const text = `${ids.join(", ")} retracted on ${target.place}`;
  return { ok: true, outputs: { points: 0, runs: 0, retracted: ids, renamed: 0 }, text };
}

function checkedIds(ids: readonly string[]): string[] {
  if (ids.length === 0) throw new UsageError("name the run to retract: history retract RUN --why TEXT");
  for (const id of ids) {
    if (!RUN_ID.test(id)) {
      throw new UsageError(
        `“${id}” is not the id of a run, like 20261122T064501Z-7f3a9c2e; history --format csv shows them`,
      );
    }
  }
  return [...ids];
}
