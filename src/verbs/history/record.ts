import { existsSync } from "node:fs";
import { parseRepository } from "../../database/git-home/plumbing/repository.ts";
import type { AppendTarget } from "../../database/home.ts";
import { parseSource } from "../../database/read/read.ts";
import { UsageError, UserError } from "../../errors.ts";
import { renewedLegacyFiles } from "../../formats/seed/legacy-files.ts";
import type { Tools } from "../../tools.ts";
import { historyHome } from "./home.ts";

/** A data branch that a record about its runs can be added to. */
interface RecordTarget extends AppendTarget {
  /** The branch, in words. */
  place: string;
  /** As readers take it. */
  source: string;
}

/** Which history a task is about, and whether to write to it. */
export interface TaskHome {
  database?: string | undefined;
  branch?: string | undefined;
  token?: string | undefined;
}

/** @throws UserError when the place cannot be written to or does not exist: a record makes none */
export async function recordTarget(inputs: TaskHome, { env, report }: Tools): Promise<RecordTarget> {
  const { kind, repository, branch, token, place, source } = await historyHome(inputs, env);
  const target = { repository, branch, token, place, source, beside: { renewed: renewedLegacyFiles(report) } };
  if (kind === "folder") return target;
  // Appending would make it.
  const from = parseSource(source);
  if ("folder" in from) {
    throw new UsageError(
      `${repository} is a folder of files; name the repository and its branch, as in REPOSITORY#BRANCH, or ` +
        `folder:${repository} if the folder itself is the history`,
    );
  }
  const home = parseRepository(repository);
  if (home.kind === "local" && !existsSync(home.path)) throw new UserError(`${home.name} does not exist`);
  return target;
}
