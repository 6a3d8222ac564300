import { setTimeout } from "node:timers/promises";
import { openAppender } from "../../src/database/append.ts";
import { compactBranch } from "../../src/database/pack/compact.ts";
import { acceptedPath } from "../../src/database/records/accepted.ts";
import { renamingPath } from "../../src/database/records/renaming.ts";
import { retractionPath } from "../../src/database/records/retraction.ts";
import { runPath } from "../../src/database/records/run.ts";
import { oldRun } from "./old-run.ts";
import { recordingTools } from "./recording-tools.ts";

/**
 * A process that writes to one data branch in one way, a few times, and prints the path of each thing when it is told that it
 * is there; of a compaction, only that it was done.
 */
const [repository, kind, first, count] = process.argv.slice(2) as [string, string, string, string];
const target = { repository, branch: "pitwall-data" };
await using appender = await openAppender(target, recordingTools());

async function write(number: number): Promise<string> {
  const run = oldRun(number);
  const at = new Date(Date.UTC(2026, 10, 1, 0, 0, number)).toISOString();
  switch (kind) {
    case "publish":
      await appender.append([run]);
      return runPath(run);
    case "retract":
      await appender.record("retraction", [{ schema: "pitwall.retraction/1", run: run.id, why: "throttled", at }]);
      return retractionPath(run.id);
    case "accept": {
      const accepted = { schema: "pitwall.accepted/1" as const, series: "* latency_s", from: run.id, why: "right", at };
      await appender.record("accepted", [accepted]);
      return acceptedPath(accepted);
    }
    case "rename": {
      const names = { what: "host" as const, from: `host-${number}`, to: `rack-${number}` };
      const renaming = { schema: "pitwall.renaming/1" as const, ...names, why: "moved", by: "o", at };
      await appender.record("renaming", [renaming]);
      return renamingPath(renaming);
    }
    case "compact":
      await compactBranch({ ...target, before: "2026-11", dryRun: false }, recordingTools());
      return "compacted";
    default:
      throw new Error(`nobody writes by ${kind}`);
  }
}

for (let number = Number(first); number < Number(first) + Number(count); number++) {
  process.stdout.write(`${await write(number)}\n`);
  await setTimeout(Math.random() * 5);
}
