import type { Run } from "../../result/document/run.ts";
import { ACCEPTED } from "./accepted.ts";
import { BISECT } from "./bisect.ts";
import type { Kind, RecordKind } from "./kind.ts";
import { RENAMING } from "./renaming.ts";
import { RETRACTION } from "./retraction.ts";
import { RUN } from "./run.ts";

/** The list: a new kind of record is one more line here, and its descriptor. */
const LISTED = { retraction: RETRACTION, renaming: RENAMING, accepted: ACCEPTED, bisect: BISECT };

type Listed = typeof LISTED;
export type RecordName = keyof Listed;
export type KindName = "run" | RecordName;
/** What a document of each kind says. */
export type KindValues = { run: Run } & {
  [K in RecordName]: Listed[K] extends RecordKind<infer T, infer _Told> ? T : never;
};
/** What readers are told of one. */
export type ToldValues = { [K in RecordName]: Listed[K] extends RecordKind<infer _T, infer Told> ? Told : never };

export const RECORDS: { [K in RecordName]: RecordKind<KindValues[K], ToldValues[K]> } = LISTED;
export const KINDS: { [K in KindName]: Kind<KindValues[K]> } = { run: RUN, ...RECORDS };

export const RECORD_NAMES = Object.keys(RECORDS) as RecordName[];
export const KIND_NAMES = Object.keys(KINDS) as KindName[];

/** A document of one kind, or of any, told apart by `kind`. */
export type Valued<K extends KindName = KindName> = { [P in K]: { kind: P; value: KindValues[P] } }[K];

/** null: a path of no document. */
export function kindAt(path: string): KindName | null {
  return KIND_NAMES.find((name) => KINDS[name].isPath(path)) ?? null;
}
