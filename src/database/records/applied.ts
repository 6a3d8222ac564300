import type { RunHead } from "../../result/document/run.ts";
import type { ChangeCells, Filed } from "./kind.ts";
import { type KindValues, RECORD_NAMES, RECORDS, type RecordName, type ToldValues, type Valued } from "./kinds.ts";

/** Records by their kind. */
export type Found = { [K in RecordName]: Filed<KindValues[K]>[] };
export type Told = { [K in RecordName]: ToldValues[K][] };

const emptyLists = () => Object.fromEntries(RECORD_NAMES.map((name) => [name, []])) as Record<RecordName, never[]>;

export const noRecords = (): Found => emptyLists();

export function addRecord<K extends RecordName>(found: Found, { kind, value }: Valued<K>, file: string): void {
  const list: Filed<KindValues[K]>[] = found[kind];
  list.push({ value, file });
}

export function addRecords(found: Found, more: Found): void {
  const join = <K extends RecordName>(name: K) => found[name].push(...more[name]);
  for (const name of RECORD_NAMES) join(name);
}

/** The records among documents. */
export function recordsIn(documents: readonly (Valued & { path: string })[]): Found {
  const found = noRecords();
  for (const document of documents) if (document.kind !== "run") addRecord(found, document, document.path);
  return found;
}

/** Runs with the names of today, hidden ones among them. */
export function named<R extends RunHead>(runs: readonly R[], found: Found, change: ChangeCells<R>): R[] {
  const apply = <K extends RecordName>(before: readonly R[], name: K): R[] => {
    const { effect } = RECORDS[name];
    const values = found[name].map(({ value }) => value);
    return effect.on === "names" ? effect.apply(before, values, change) : [...before];
  };
  return RECORD_NAMES.reduce<R[]>(apply, [...runs]);
}

/** Ids of runs that no reader sees. */
export function hiddenBy(found: Found): Set<string> {
  const idsOf = <K extends RecordName>(name: K) => {
    const { effect } = RECORDS[name];
    return effect.on === "presence" ? found[name].map(({ value }) => effect.hides(value)) : [];
  };
  return new Set(RECORD_NAMES.flatMap((name) => idsOf(name)));
}

/** Runs as every reader sees them. */
export function seenThrough<R extends RunHead>(runs: readonly R[], found: Found, change: ChangeCells<R>): R[] {
  const hidden = hiddenBy(found);
  return named(runs, found, change).filter(({ id }) => !hidden.has(id));
}

/** Where the records lie that would hide a run. */
export function hidingPaths(run: string): string[] {
  return RECORD_NAMES.flatMap((name) => {
    const { effect } = RECORDS[name];
    return effect.on === "presence" ? [effect.pathFor(run)] : [];
  });
}

/** Folders with records that give runs another name. */
export const namingFolders = () =>
  RECORD_NAMES.filter((name) => RECORDS[name].effect.on === "names").map((name) => RECORDS[name].folder);

/** What readers are told of them. @param runs all with the names of today, by id */
export function toldBy(found: Found, runs: ReadonlyMap<string, RunHead>): Told {
  const records: Told = emptyLists();
  const tell = <K extends RecordName>(name: K) => {
    for (const record of found[name]) {
      const told = RECORDS[name].tell(record, runs);
      if (told !== null) records[name].push(told);
    }
  };
  for (const name of RECORD_NAMES) tell(name);
  return records;
}

/** Each record about a single run: which run, and what the file does to it. */
export function subjectsOf(found: Found): { run: string; file: string; does: string }[] {
  const about = <K extends RecordName>(name: K) => {
    const { about } = RECORDS[name];
    return about === null
      ? []
      : found[name].map(({ value, file }) => ({ run: about.run(value), file, does: about.does }));
  };
  return RECORD_NAMES.flatMap((name) => about(name));
}

/** As pages and tables show them: no text is longer than they can bear. */
export function shownRecords(records: Told): Told {
  const bounded: Told = emptyLists();
  const show = <K extends RecordName>(name: K) =>
    bounded[name].push(...records[name].map((told) => RECORDS[name].shown(told)));
  for (const name of RECORD_NAMES) show(name);
  return bounded;
}

/** What `what` makes of each of them, in the order of the kinds. */
export function eachTold<T>(
  records: Told,
  what: <K extends RecordName>(name: K, told: ToldValues[K]) => T | null,
): T[] {
  const of = <K extends RecordName>(name: K): T[] =>
    records[name].map((told) => what(name, told)).filter((made) => made !== null);
  return RECORD_NAMES.flatMap((name) => of(name));
}
