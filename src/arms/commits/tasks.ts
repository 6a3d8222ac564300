import type { CommitPair } from "../../images/specs/commit-mapping.ts";
import { present } from "../../result/present.ts";
import type { ArmKind, ArmResult } from "./arm-result.ts";
import type { Note } from "./read/analysis.ts";

/** Results of one folder. Those of an agent that is named are its attempt, and its folder's other arms go before shared ones. */
export interface Source {
  agent: string | undefined;
  results: readonly ArmResult[];
}

/** One patch of one agent for a commit, beside what it is measured against. */
export interface Attempt {
  agent: string;
  result: ArmResult;
  human: ArmResult | undefined;
  baseline: ArmResult | undefined;
}

/** A commit that made something faster, and all that is known of its arms. */
export interface Task {
  commit: string;
  short: string;
  pair: CommitPair | undefined;
  note: Note;
  human: ArmResult | undefined;
  baseline: ArmResult | undefined;
  attempts: readonly Attempt[];
}

/** Name of an agent that nobody named. */
const THE_AGENT = "agent";

interface Known {
  /** Undefined: the commits are those that results and notes have. */
  pairs: readonly CommitPair[] | undefined;
  notes: ReadonlyMap<string, Note>;
  sources: readonly Source[];
}

/** Tasks in the order of the mapping; of each arm the first result that has numbers counts, else the first. */
export function tasksOf({ pairs, notes, sources }: Known): Task[] {
  const heads = pairs?.map((pair) => ({ commit: pair.commit, short: pair.short, pair })) ?? headsOf(notes, sources);
  return heads.map(({ commit, short, pair }) => {
    const own = sources.map(({ agent, results }) => ({ agent, results: results.filter((one) => isOf(one, commit)) }));
    const shared = own.filter(({ agent }) => agent === undefined).flatMap(({ results }) => results);
    const everywhere = own.flatMap(({ results }) => results);
    return {
      ...{ commit, short, pair, note: noteOf(notes, commit) },
      human: bestOf("human", shared, everywhere),
      baseline: bestOf("baseline", shared, everywhere),
      attempts: attemptsOf(own, shared),
    };
  });
}

/** Results of commits that the mapping does not have: it is another one's, or too old. */
export function strangersIn({ pairs, sources }: Known): ArmResult[] {
  if (pairs === undefined) return [];
  return sources.flatMap(({ results }) => results.filter((one) => !pairs.some(({ commit }) => isOf(one, commit))));
}

function attemptsOf(own: readonly Source[], shared: readonly ArmResult[]): Attempt[] {
  const folders = own
    .filter(({ agent }) => agent !== undefined)
    .map(({ agent, results }) => ({ agent: agent!, results }));
  return [...folders, ...attemptsIn(shared)].flatMap(({ agent, results }) => {
    const result = bestOf("agent", results);
    const beside = { human: bestOf("human", results, shared), baseline: bestOf("baseline", results, shared) };
    return result === undefined ? [] : [{ agent, result, ...beside }];
  });
}

/** In folders without a name files may say whose patch they are of. */
function attemptsIn(shared: readonly ArmResult[]): { agent: string; results: readonly ArmResult[] }[] {
  const ofAgents = shared.filter(({ arm }) => arm === "agent");
  const attempts = Map.groupBy(ofAgents, ({ agent, attempt }) => JSON.stringify([agent, attempt]));
  return [...attempts.values()].map((results) => ({ agent: results[0]!.agent ?? THE_AGENT, results }));
}

/** The best of the first list that has any. */
function bestOf(arm: ArmKind, ...lists: readonly (readonly ArmResult[])[]): ArmResult | undefined {
  const [first] = lists.map((list) => list.filter((one) => one.arm === arm)).filter((list) => list.length > 0);
  return first?.find(({ end }) => end === "measured") ?? first?.[0];
}

const isOf = (result: ArmResult, commit: string) =>
  commit.startsWith(result.commit) || result.commit.startsWith(commit);

function noteOf(notes: ReadonlyMap<string, Note>, commit: string): Note {
  const found = [...notes].filter(([digits]) => commit.startsWith(digits) || digits.startsWith(commit));
  return present(Object.assign({}, ...found.map(([, note]) => note))) as Note;
}

/** Without a mapping: a commit for each beginning that stands for one. */
function headsOf(notes: ReadonlyMap<string, Note>, sources: readonly Source[]) {
  const named = [...sources.flatMap(({ results }) => results.map(({ commit }) => commit)), ...notes.keys()];
  const longest = [...new Set(named)].toSorted((a, b) => b.length - a.length);
  const distinct = longest.filter((one, index) => !longest.slice(0, index).some((longer) => longer.startsWith(one)));
  return distinct.toSorted().map((commit) => ({ commit, short: commit.slice(0, 8), pair: undefined }));
}
