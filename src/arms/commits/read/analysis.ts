import { z } from "zod";
import { parseJson } from "../../../files.ts";
import { readPlain } from "../../../plain-file.ts";

/** What somebody found out about a commit beside its results; all of it may be absent. */
export interface Note {
  /** Where an analysis has put it, in its own word. */
  category?: string;
  /** What became of it elsewhere, in the word of who ran it. */
  elsewhere?: string;
  /** Why it is not to be tried. */
  skip?: string;
  hasBaselineImage?: boolean;
  hasHumanImage?: boolean;
}

const short = z.string().regex(/^[0-9a-f]{7,40}$/, "must be the first digits of a commit");

/** comprehensive_commit_analysis.json: each commit in one list. */
const Comprehensive = z
  .record(z.string(), z.array(z.object({ commit: short, claude_status: z.string().nullish() })))
  .transform((lists) =>
    Object.entries(lists).flatMap(([category, entries]) =>
      entries.map(({ commit, claude_status }): [string, Note] => [
        commit,
        { category, ...(claude_status ? { elsewhere: claude_status } : {}) },
      ]),
    ),
  );
/** detailed_failure_analysis.json: of each that is not complete, which images there were. */
const Detailed = z
  .object({
    breakdown: z.record(z.string(), z.array(short)),
    details: z.array(
      z.object({ commit: short, baseline_exists: z.boolean().nullish(), human_img_exists: z.boolean().nullish() }),
    ),
  })
  .transform(({ details }) =>
    details.map(({ commit, baseline_exists, human_img_exists }): [string, Note] => [
      commit,
      {
        ...(baseline_exists === null || baseline_exists === undefined ? {} : { hasBaselineImage: baseline_exists }),
        ...(human_img_exists === null || human_img_exists === undefined ? {} : { hasHumanImage: human_img_exists }),
      },
    ]),
  );
/** commit_fixes.json: which are not to be tried. */
const Fixes = z
  .object({ skip_commits: z.record(short, z.string()) })
  .transform(({ skip_commits }) =>
    Object.entries(skip_commits).map(([commit, skip]): [string, Note] => [commit, { skip }]),
  );

/**
 * Notes of several files by the digits under which each has its commits.
 * @throws UserError naming the file that is of none of the three forms
 */
export async function readNotes(paths: readonly string[]): Promise<Map<string, Note>> {
  const notes = new Map<string, Note>();
  for (const path of paths) {
    const content = await readPlain(path);
    for (const [commit, note] of parseJson(content, schemaFor(content), path))
      notes.set(commit, { ...notes.get(commit), ...note });
  }
  return notes;
}

/** By the keys that only one of them has; so that what is wrong is said of the form that was meant. */
function schemaFor(content: string) {
  if (content.includes('"skip_commits"')) return Fixes;
  return content.includes('"breakdown"') ? Detailed : Comprehensive;
}
