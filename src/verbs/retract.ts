import { existsSync } from "node:fs";
import { openAppender } from "../database/append.ts";
import { parseSource } from "../database/read.ts";
import { parseRepository } from "../database/repository.ts";
import { UsageError, UserError } from "../errors.ts";
import { RUN_ID } from "../result/run.ts";
import { githubToken } from "./publish.ts";
import type { Outcome, Tools } from "./verb.ts";

interface Retracting {
  /** The words after `history`. */
  task: readonly string[];
  why: string | undefined;
  database: string;
  token?: string | undefined;
}

/** `history retract RUN… --why TEXT`: adds a record for each run, in one commit. */
export async function retract({ task, why, database, token }: Retracting, tools: Tools): Promise<Outcome> {
  const ids = checkedIds(task);
  if (why === undefined) throw new UsageError("say why with --why TEXT; it is kept beside the run");
  const source = parseSource(database);
  if ("folder" in source) {
    throw new UsageError(
      `${database} is a folder of files; name the repository and its branch, as in REPOSITORY#BRANCH`,
    );
  }
  const place = parseRepository(source.repository);
  // Appending would make it.
  if (place.kind === "local" && !existsSync(place.path)) throw new UserError(`${place.name} does not exist`);
  const target = { ...source, token: token ?? githubToken(source.repository, tools.env) };
  await using appender = await openAppender(target, tools);
  const at = new Date().toISOString();
  await appender.retract(ids.map((run) => ({ schema: "pitwall.retraction/1", run, why, at })));
  const text = `${ids.join(", ")} retracted on ${source.branch} of ${place.name}`;
  return { ok: true, outputs: { points: 0, runs: 0, retracted: ids }, text };
}

function checkedIds([word, ...ids]: readonly string[]): string[] {
  if (word !== "retract") throw new UsageError(`history knows no “${word}”; it can: history retract RUN --why TEXT`);
  if (ids.length === 0) throw new UsageError("name the run to retract: history retract RUN --why TEXT");
  for (const id of ids) {
    if (!RUN_ID.test(id)) {
      throw new UsageError(
        `“${id}” is not the id of a run, like 20261122T064501Z-7f3a9c2e; history --format csv shows them`,
      );
    }
  }
  return ids;
}
