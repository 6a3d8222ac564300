import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { messageOf, UserError } from "../../../errors.ts";
import { readPlain } from "../../../plain-file.ts";
import type { ArmKind, ArmResult } from "../arm-result.ts";
import { readResult } from "./result-file.ts";

const NAME = /^([0-9a-f]{7,40})_(baseline|human|agent)_result\.json$/;

/**
 * Every result file below a folder, whatever its folders are called. One that is broken is a result, too: of an arm that has
 * no numbers, for what the file's error says.
 * @throws UserError for a folder that cannot be read, or has none
 */
export async function readResults(folder: string): Promise<ArmResult[]> {
  const names = await readdir(folder, { recursive: true }).catch((cause) => {
    throw new UserError(`${folder} could not be read: ${messageOf(cause)}`, { cause });
  });
  const found = names.toSorted().flatMap((name) => {
    const [, short, arm] = NAME.exec(basename(name)) ?? [];
    return short === undefined ? [] : [{ path: join(folder, name), short, arm: arm as ArmKind }];
  });
  if (found.length === 0)
    throw new UserError(`${folder} has no results: no file is called like 015069b0_human_result.json`);
  return await Promise.all(found.map(readOne));
}

async function readOne(named: { path: string; short: string; arm: ArmKind }): Promise<ArmResult> {
  try {
    return readResult(await readPlain(named.path), named);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { path: file, short: commit, arm } = named;
    return { file, arm, commit, end: "failed", error: error.message, metrics: {}, settings: {} };
  }
}
