import { openAppender } from "../../database/append.ts";
import type { Outcome, Tools } from "../verb.ts";
import { recordTarget, type TaskHome } from "./record.ts";
import { checkedIds } from "./run-ids.ts";

interface Retracting extends TaskHome {
  /** The words after `history retract`. */
  words: readonly string[];
  why: string;
}

/** `history retract RUN… --why TEXT`: adds a record for each run, in one commit. */
export async function retract({ words, why, ...home }: Retracting, tools: Tools): Promise<Outcome> {
  const ids = checkedIds(words, "name the run to retract: history retract RUN --why TEXT");
  const target = await recordTarget(home, tools);
  await using appender = await openAppender(target, tools);
  const at = new Date().toISOString();
  await appender.retract(ids.map((run) => ({ schema: "pitwall.retraction/1", run, why, at })));
  const text = `${ids.join(", ")} retracted on ${target.place}`;
  return { ok: true, outputs: { points: 0, runs: 0, retracted: ids, renamed: 0, accepted: 0 }, text };
}
