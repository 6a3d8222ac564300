import { UserError } from "../errors.ts";
import type { Run } from "../result/document/run.ts";
import { meantBy } from "../verdict/accepted.ts";
import type { Document } from "./document/documents.ts";
import { runsOf } from "./document/documents.ts";
import { measurementOf, secondOf } from "./document/twins.ts";
import { applyRenamings, type Renaming } from "./records/renaming.ts";

/** What is on a branch, as far as an addition must be held against it. */
export interface Present {
  /** Other runs that began in the same second as one that is to be added; those that were retracted are left out. */
  neighbours(): Promise<Run[]>;
  /** The documents of these runs; those that were retracted are left out. */
  counted(ids: readonly string[]): Promise<Run[]>;
  renamings(): Promise<Renaming[]>;
}

/**
 * Holds documents that are to be added against what is there, as `verify` does it afterwards.
 * @throws UserError when the branch could not be verified with them
 */
export async function checkAdditions(added: readonly Document[], present: Present): Promise<void> {
  await refuseTwins(runsOf(added), present);
  await refuseVainPatterns(added, present);
}

async function refuseTwins(runs: readonly Run[], present: Present): Promise<void> {
  const measured = runs.filter((run) => measurementOf(run) !== null);
  if (measured.length === 0) return;
  const seen = new Map<string, string>();
  for (const run of [...(await present.neighbours()), ...measured]) {
    const measurement = measurementOf(run);
    if (measurement === null) continue;
    const twin = seen.get(measurement) ?? run.id;
    seen.set(measurement, twin);
    if (twin === run.id) continue;
    throw new UserError(
      `the run ${run.id} holds the same measurements as the run ${twin}, which would count twice: leave it out. If it is ` +
        `to take the other one's place, retract that first: pitwall history retract ${twin} --why TEXT`,
    );
  }
}

async function refuseVainPatterns(added: readonly Document[], present: Present): Promise<void> {
  const records = added.flatMap((document) => (document.kind === "accepted" ? [document.accepted] : []));
  if (records.length === 0) return;
  const stored = await present.counted([...new Set(records.map(({ from }) => from))]);
  const runs = new Map(applyRenamings(stored, await present.renamings()).map((run) => [run.id, run]));
  for (const { series, from } of records) {
    const run = runs.get(from);
    if (run !== undefined && isVain(series, run)) throw new UserError(`the record ${vainText(series, from)}`);
  }
}

/** Whether a record accepts no series that its run has. */
export const isVain = (series: string, run: Run) => meantBy(series, run).length === 0;

export const vainText = (series: string, from: string) =>
  `accepts “${series}”, which is the name of no series of the run ${from}`;

/** Those of them that began in the same second as another run, but are not that run. */
export function neighboursAmong(ids: Iterable<string>, of: readonly string[]): string[] {
  const [own, seconds] = [new Set(of), new Set(of.map(secondOf))];
  return [...ids].filter((id) => seconds.has(secondOf(id)) && !own.has(id));
}
