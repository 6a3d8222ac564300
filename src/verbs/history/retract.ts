import { openAppender } from "../../database/append.ts";
import type { Tools } from "../../tools.ts";
import { commitText } from "../publish/publish.ts";
import type { Outcome } from "../verb.ts";
import { recordTarget, type TaskHome } from "./record.ts";
import { checkedIds } from "./run-ids.ts";

interface Retracting extends TaskHome {
  /** The words after `history retract`. */
  words: readonly string[];
  why: string;
  dryRun: boolean;
}

/** `history retract RUN… --why TEXT`: adds a record for each run, in one commit. */
export async function retract({ words, why, dryRun, ...home }: Retracting, tools: Tools): Promise<Outcome> {
  const ids = checkedIds(words, "name the run to retract: history retract RUN --why TEXT");
  const target = { ...(await recordTarget(home, tools)), dryRun };
  await using appender = await openAppender(target, tools);
  const at = new Date().toISOString();
  const { commit } = await appender.record(
    "retraction",
    ids.map((run) => ({ schema: "pitwall.retraction/1", run, why, at })),
  );
  const outputs = { points: 0, runs: 0, retracted: dryRun ? [] : ids, renamed: 0, accepted: 0 };
  const text = dryRun
    ? `would retract ${ids.join(", ")} on ${target.place}`
    : `${ids.join(", ")} retracted on ${target.place}${commitText(commit)}`;
  return { ok: true, outputs, text };
}
