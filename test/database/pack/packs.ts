import { serializeRun } from "../../../src/database/document/document.ts";
import { blobId } from "../../../src/database/git-home/plumbing/commit.ts";
import { packLine, packLines } from "../../../src/database/pack/pack.ts";
import { monthOf, packIndexPath, packPath, serializePackIndex } from "../../../src/database/pack/packed-index.ts";
import type { Run } from "../../../src/result/document/run.ts";

/** The two files of a pack of runs of one month, sound unless told otherwise. */
export async function packOf(
  runs: readonly Run[],
  { month = monthOf(runs[0]!.id), indexed = runs }: { month?: string; indexed?: readonly Run[] } = {},
): Promise<Record<string, string | Buffer>> {
  const index = indexed.map((run) => ({ id: run.id, blob: blobId(serializeRun(run)) }));
  return {
    [packPath(month)]: await packLines(runs.map((run) => packLine(serializeRun(run))!)),
    [packIndexPath(month)]: serializePackIndex(index),
  };
}
