import { existsSync } from "node:fs";
import type { AppendTarget } from "../../database/append.ts";
import { parseHome, parseRepository } from "../../database/git/repository.ts";
import { DEFAULT_BRANCH } from "../../database/layout.ts";
import { parseSource } from "../../database/read.ts";
import { UsageError, UserError } from "../../errors.ts";
import { renewedLegacyFiles } from "../../formats/legacy-files.ts";
import { githubToken } from "../publish.ts";
import type { Tools } from "../verb.ts";

/** A data branch that a record about its runs can be added to. */
interface RecordTarget extends AppendTarget {
  /** The branch, in words. */
  place: string;
}

/** @throws UserError when the place cannot be written to or does not exist: a record makes none */
export function recordTarget(database: string, token: string | undefined, { env, report }: Tools): RecordTarget {
  const beside = { renewed: renewedLegacyFiles(report) };
  const home = parseHome(database);
  if (home.kind === "folder") return { repository: database, branch: DEFAULT_BRANCH, beside, place: home.name };
  const source = parseSource(database);
  if ("folder" in source) {
    throw new UsageError(
      `${database} is a folder of files; name the repository and its branch, as in REPOSITORY#BRANCH, or ` +
        `folder:${database} if the folder itself is the history`,
    );
  }
  const { repository, branch } = source;
  const place = parseRepository(repository);
  // Appending would make it.
  if (place.kind === "local" && !existsSync(place.path)) throw new UserError(`${place.name} does not exist`);
  return {
    repository,
    branch,
    token: token ?? githubToken(repository, env),
    beside,
    place: `${branch} of ${place.name}`,
  };
}
