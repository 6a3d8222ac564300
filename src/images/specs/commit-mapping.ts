import { z } from "zod";
import { UserError } from "../../errors.ts";
import { parseJson } from "../../files.ts";
import { nearNames } from "../../near-names.ts";
import { readPlain } from "../../plain-file.ts";
import type { EngineSource, OwnImage, OwnImages } from "./own-images.ts";

const commit = z.string().regex(/^[0-9a-f]{40}$/, "must be a whole commit id of 40 hexadecimal digits");
const parent = z.string().regex(/^[0-9a-f]{12,40}$/, "must be a commit id of 12 to 40 hexadecimal digits");

/** A commit that made something faster, and the one before it. */
interface CommitPair {
  commit: string;
  /** 12 to 40 digits; undefined where the file has none. */
  parent: string | undefined;
}

const Matched = z
  .object({ human_full: commit, parent_short: parent.nullish() })
  .transform(({ human_full, parent_short }): CommitPair => ({ commit: human_full, parent: parent_short ?? undefined }));
const Baseline = z.object({ human_commit_full: commit, parent_commit: parent.nullish() }).transform(
  ({ human_commit_full, parent_commit }): CommitPair => ({
    commit: human_commit_full,
    parent: parent_commit ?? undefined,
  }),
);
const Mode = z
  .object({ commit_full: commit, parent_commit: parent.nullish() })
  .transform(
    ({ commit_full, parent_commit }): CommitPair => ({ commit: commit_full, parent: parent_commit ?? undefined }),
  );

/** The three shapes in which ISO-Bench maps commits to their parents. */
const Mapping = z.union([
  z.array(z.union([Matched, Baseline])).min(1),
  z.record(z.string(), Mode).transform((pairs) => Object.values(pairs)),
]);

/** @throws UserError naming the file and the field at fault */
export async function readCommitMapping(path: string): Promise<CommitPair[]> {
  return parseJson(await readPlain(path), Mapping, path);
}

/**
 * The pairs of commits that are named by how they begin.
 * @throws UserError for a commit that is not in the mapping, or of which there are several
 */
export function pairsNamed(pairs: readonly CommitPair[], commits: readonly string[]): CommitPair[] {
  if (commits.includes("all")) return [...pairs];
  return commits.map((given) => {
    const found = pairs.filter(({ commit }) => commit.startsWith(given));
    if (found.length === 1) return found[0]!;
    const known = pairs.map(({ commit }) => commit.slice(0, Math.max(given.length, 8)));
    if (found.length === 0)
      throw new UserError(`the mapping has no commit ${given}; did you mean ${nearNames(given, known)}?`);
    throw new UserError(`${given} is the beginning of several commits: ${found.map((one) => one.commit).join(", ")}`);
  });
}

/**
 * Images of commits and of their parents, as ISO-Bench names them: the commit's 40 digits, and `baseline-` with 12 of the parent.
 * @param template what they are made of, but for the commit
 * @throws UserError when it does not say how to come by an engine of any commit
 */
export function imagesOfPairs(pairs: readonly CommitPair[], template: OwnImage): OwnImages {
  const images = pairs.flatMap(({ commit, parent }): [string, OwnImage][] => {
    if (parent === undefined) throw new UserError(`the mapping has no parent of ${commit}`);
    return [
      [commit, atCommit(template, commit)],
      [`baseline-${parent.slice(0, 12)}`, atCommit(template, parent)],
    ];
  });
  return Object.fromEntries(images);
}

function atCommit(template: OwnImage, commit: string): OwnImage {
  return { ...template, engine: engineAt(template.engine, commit) };
}

function engineAt(engine: EngineSource | undefined, commit: string): EngineSource {
  if (engine !== undefined && "source" in engine) return { ...engine, source: commit };
  if (engine === undefined || "release" in engine)
    throw new UserError(
      "the image of pitwall.yml that is the template must have engine: source or nightly, for a release is of one commit",
    );
  if (commit.length === 40) return { nightly: commit };
  throw new UserError(
    `the mapping has only ${commit.length} digits of ${commit}, and a nightly wheel is found by all 40: take a mapping with parent_commit, or build from source`,
  );
}
