import { z } from "zod";
import { UserError } from "../../errors.ts";
import { parseJson } from "../../files.ts";
import { nearNames } from "../../near-names.ts";
import { readPlain } from "../../plain-file.ts";
import type { EngineSource, OwnImage, OwnImages } from "./own-images.ts";

const commit = z.string().regex(/^[0-9a-f]{40}$/, "must be a whole commit id of 40 hexadecimal digits");
const parent = z.string().regex(/^[0-9a-f]{12,40}$/, "must be a commit id of 12 to 40 hexadecimal digits");
const short = z.string().regex(/^[0-9a-f]{7,40}$/, "must be the first 7 to 40 hexadecimal digits of the commit");
/** A text; an empty one says nothing, and so does null. */
const words = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || undefined);

/** A commit that made something faster, the one before it, and how it was measured. */
export interface CommitPair {
  commit: string;
  /** The first digits by which files name it. */
  short: string;
  /** 12 to 40 digits; undefined where the file has none. */
  parent: string | undefined;
  model: string | undefined;
  /** The model that the commit's author measured, where another one stands in for it. */
  originalModel: string | undefined;
  /** The command by which the author measured it. */
  perfCommand: string | undefined;
  /** Tokens a second of an earlier run of the parent, of which the file does not say more; undefined for none. */
  baselineThroughput: number | undefined;
}

type Ends = Pick<CommitPair, "commit" | "parent">;

const beginsWith = (short_: string | undefined, whole: string) => short_ === undefined || whole.startsWith(short_);
const NOT_ITS_BEGINNING = "is not how its whole commit id begins";
const measured = { model: words, perf_command: words };

const Matched = z
  .object({ human_full: commit, human_short: short.optional(), parent_short: parent.nullish(), ...measured })
  .refine((entry) => beginsWith(entry.human_short, entry.human_full), {
    path: ["human_short"],
    error: NOT_ITS_BEGINNING,
  })
  .transform(
    (entry): CommitPair => ({
      ...common(entry.human_full, entry.human_short, entry.parent_short),
      ...{ model: entry.model, originalModel: undefined, perfCommand: entry.perf_command },
      baselineThroughput: undefined,
    }),
  );
const Baseline = z
  .object({
    ...{
      human_commit_full: commit,
      human_commit_short: short.optional(),
      parent_commit: parent.nullish(),
      ...measured,
    },
    original_model: words,
    docker_throughput: z.number().nonnegative().nullish(),
  })
  .refine((entry) => beginsWith(entry.human_commit_short, entry.human_commit_full), {
    path: ["human_commit_short"],
    error: NOT_ITS_BEGINNING,
  })
  .transform(
    (entry): CommitPair => ({
      ...common(entry.human_commit_full, entry.human_commit_short, entry.parent_commit),
      ...{ model: entry.model, originalModel: entry.original_model, perfCommand: entry.perf_command },
      baselineThroughput: entry.docker_throughput || undefined,
    }),
  );
const Mode = z.object({ commit_full: commit, parent_commit: parent.nullish(), ...measured }).transform(
  (entry): CommitPair => ({
    ...common(entry.commit_full, undefined, entry.parent_commit),
    ...{ model: entry.model, originalModel: undefined, perfCommand: entry.perf_command },
    baselineThroughput: undefined,
  }),
);

const DIGITS = 8;
const common = (whole: string, first: string | undefined, before: string | null | undefined) => ({
  ...{ commit: whole, short: first ?? whole.slice(0, DIGITS), parent: before ?? undefined },
});

/** The three shapes in which ISO-Bench maps commits to their parents. */
const Mapping = z.union([
  z.array(z.union([Matched, Baseline])).min(1),
  z.record(z.string(), Mode).transform((pairs) => Object.values(pairs)),
]);

/** @throws UserError naming the file and the field at fault, or entries that cannot be told apart */
export async function readCommitMapping(path: string): Promise<CommitPair[]> {
  const pairs = parseJson(await readPlain(path), Mapping, path);
  refuseTwins(pairs, path);
  return pairs;
}

/** Results are files with a commit's first digits in their names: those of two commits would be one. */
function refuseTwins(pairs: readonly CommitPair[], path: string): void {
  for (const [index, { commit, short }] of pairs.entries()) {
    const other = pairs.findIndex((one, at) => at !== index && one.commit.startsWith(short));
    if (other === -1) continue;
    const entries = `entries ${Math.min(index, other) + 1} and ${Math.max(index, other) + 1}`;
    const problem =
      pairs[other]!.commit === commit
        ? `are both of ${commit}`
        : `cannot be told apart by ${short}, with which both begin: ${commit}, ${pairs[other]!.commit}`;
    throw new UserError(`${path}: ${entries} ${problem}`);
  }
}

/**
 * The pairs of commits that are named by how they begin.
 * @throws UserError for a commit that is not in the mapping, or of which there are several
 */
export function pairsNamed<P extends Ends>(pairs: readonly P[], commits: readonly string[]): P[] {
  if (commits.includes("all")) return [...pairs];
  return commits.map((given) => {
    const found = pairs.filter(({ commit }) => commit.startsWith(given));
    if (found.length === 1) return found[0]!;
    const known = pairs.map(({ commit }) => commit.slice(0, Math.max(given.length, DIGITS)));
    if (found.length === 0)
      throw new UserError(`the mapping has no commit ${given}; did you mean ${nearNames(given, known)}?`);
    throw new UserError(`${given} is the beginning of several commits: ${found.map((one) => one.commit).join(", ")}`);
  });
}

/** Tags by ISO-Bench's rule: the commit's 40 digits, and `baseline-` with 12 of the parent, where one is known. */
export const tagsOf = ({ commit, parent }: Ends) => ({
  human: commit,
  baseline: parent === undefined ? undefined : `baseline-${parent.slice(0, 12)}`,
});

/**
 * Images of commits and of their parents, by those tags.
 * @param template what they are made of, but for the commit
 * @throws UserError when it does not say how to come by an engine of any commit
 */
export function imagesOfPairs(pairs: readonly Ends[], template: OwnImage): OwnImages {
  const images = pairs.flatMap(({ commit, parent }): [string, OwnImage][] => {
    const { human, baseline } = tagsOf({ commit, parent });
    if (parent === undefined || baseline === undefined) throw new UserError(`the mapping has no parent of ${commit}`);
    return [
      [human, atCommit(template, commit)],
      [baseline, atCommit(template, parent)],
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
