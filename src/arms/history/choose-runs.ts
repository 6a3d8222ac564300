import { UsageError } from "../../errors.ts";
import { counted } from "../../result/counted.ts";
import type { Run } from "../../result/document/run.ts";
import { momentOf } from "../../result/moment.ts";

/** How one side of a comparison may be named: each says which of the runs, oldest first, are meant. */
const KINDS = {
  run: (name, runs) => runs.filter(({ id }) => id === name),
  commit: (name, runs) => ofCommit(name, runs),
  ref: (name, runs) => newestCommit(runs.filter(({ trigger: { ref } }) => ref === name || nameOfRef(ref) === name)),
  version: (name, runs) => runs.filter(({ engine }) => engine.version === name),
  image: (name, runs) =>
    runs.filter(({ engine: { image, imageDigest } }) => [image, tagOf(image), imageDigest].includes(name)),
} as const satisfies Record<string, (name: string, runs: readonly Run[]) => Run[]>;

const NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[];

/** Git takes four, too. */
const SHORTEST_COMMIT = /^[0-9a-f]{4,40}$/i;

/**
 * The runs that a word means: `run:`, `commit:`, `ref:`, `version:` or `image:` and a name, a name alone where only one kind
 * has it, or a window of time, `2026-11-01..2026-11-08`, whose ends may be days back (`14d..7d`) or left out.
 * @param runs oldest first
 * @param now milliseconds since 1970
 * @throws UsageError when it means nothing, or more than one thing
 */
export function chooseRuns(word: string, runs: readonly Run[], now: number): Run[] {
  const [from, to, ...more] = word.split("..");
  const [, kind, name] = /^([a-z]+):(.+)$/.exec(word) ?? [];
  const own = NAMES.find((one) => one === kind);
  if (own === undefined && to !== undefined) return withinWindow(word, from!, [to, ...more].join(".."), runs, now);
  const found = (own === undefined ? NAMES : [own]).flatMap((one) => {
    const those = KINDS[one](own === undefined ? word : name!, runs);
    return those.length === 0 ? [] : [{ kind: one, runs: those }];
  });
  const sets = new Set(found.map((one) => one.runs.map(({ id }) => id).join()));
  if (sets.size > 1) {
    const meanings = found.map((one) => `${one.kind}:${word} (${counted(one.runs.length, "run")})`);
    throw new UsageError(`“${word}” may be ${meanings.join(" or ")}: say which`);
  }
  if (found.length > 0) return found[0]!.runs;
  throw new UsageError(
    `${nothing(word, runs)}; a side is run:ID, commit:SHA, ref:NAME, version:V, image:TAG or FROM..TO`,
  );
}

const nothing = (word: string, runs: readonly Run[]) =>
  runs.length === 0 ? "the history has no runs yet" : `no run of the history is meant by “${word}”`;

function withinWindow(word: string, from: string, to: string, runs: readonly Run[], now: number): Run[] {
  const start = from === "" ? Number.NEGATIVE_INFINITY : momentOf(from, now);
  const end = to === "" ? Number.POSITIVE_INFINITY : momentOf(to, now);
  if (start === undefined || end === undefined) {
    throw new UsageError(`“${word}” must be FROM..TO, each a day (2026-11-01), a moment or days back from now (30d)`);
  }
  if (start >= end) throw new UsageError(`“${word}” ends before it begins`);
  const found = runs.filter(({ startedAt }) => start <= Date.parse(startedAt) && Date.parse(startedAt) < end);
  if (found.length === 0) throw new UsageError(`no run of the history began within ${word}`);
  return found;
}

/** @throws UsageError for the beginning of several commits */
function ofCommit(name: string, runs: readonly Run[]): Run[] {
  if (!SHORTEST_COMMIT.test(name)) return [];
  const found = runs.filter(({ trigger }) => trigger.commit?.startsWith(name.toLowerCase()));
  const commits = [...new Set(found.map(({ trigger }) => trigger.commit!))];
  if (commits.length <= 1) return found;
  throw new UsageError(`${name} begins ${counted(commits.length, "commit")} of the history: ${commits.join(", ")}`);
}

/** A ref goes on: what it is now are the runs of the newest commit on it. */
function newestCommit(runs: readonly Run[]): Run[] {
  const newest = runs.at(-1);
  return runs.filter(({ trigger }) => trigger.commit === newest?.trigger.commit);
}

/** `refs/heads/main` is called main, `refs/pull/7/merge` pull/7/merge. */
const nameOfRef = (ref: string | null) => ref?.replace(/^refs\/((heads|tags)\/)?/, "");

/** The tag of `registry:5000/name:tag`. */
const tagOf = (image: string | null) => /:([^/:]+)$/.exec(image ?? "")?.[1];
