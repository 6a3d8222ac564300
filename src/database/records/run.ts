import { UserError } from "../../errors.ts";
import { commitLines, commitWords } from "../../foreign-text/commit-message.ts";
import { inconsistencies } from "../../result/checks/inconsistencies.ts";
import { RUN_ID, type Run } from "../../result/document/run.ts";
import { parseRun, RUN_FORMAT, serializeRun } from "../document/document.ts";
import { measurementOf } from "../document/twins.ts";
import type { Kind, Present } from "./kind.ts";

const FOLDER = "runs";

/** `20261122T064501Z-7f3a9c2e` → `runs/2026/11/20261122T064501Z-7f3a9c2e.json` */
export function runPath({ id }: Pick<Run, "id">): string {
  return `${FOLDER}/${id.slice(0, 4)}/${id.slice(4, 6)}/${id}.json`;
}

export function isRunPath(path: string): boolean {
  const id = path.slice(path.lastIndexOf("/") + 1).replace(/\.json$/, "");
  return RUN_ID.test(id) && runPath({ id }) === path;
}

/** What is wrong with a run document of the right form, a sentence each, to stand behind its name. */
export function flawsOf(run: Run, text: string): string[] {
  const isChanged = text.includes("\r\n");
  const lineEnds = "has line ends of Windows (CRLF): its bytes were changed on the way";
  return [...(isChanged ? [lineEnds] : []), ...inconsistencies(run).map(({ text: flaw }) => flaw)];
}

export const RUN: Kind<Run> = {
  format: RUN_FORMAT,
  title: "run document",
  folder: FOLDER,
  readme: {
    path: `${FOLDER}/<year>/<month>/<run id>.json`,
    holds: "one run: what was measured, where, with what, and the numbers",
  },
  isPath: isRunPath,
  isFolder: (path) => path === FOLDER || (path.startsWith(`${FOLDER}/`) && /^[^/]+\/\d{4}(\/\d\d)?$/.test(path)),
  pathOf: runPath,
  idOf: ({ id }) => id,
  serialize(run) {
    if (run.renamed === undefined) return serializeRun(run);
    throw new UserError(`the run ${run.id} is as a reader shows it, with other names: publish the document itself`);
  },
  parse: parseRun,
  misplaced({ id, renamed }, path) {
    if (!path.endsWith(`/${id}.json`)) return `${path} holds a run with another id, ${id}`;
    return renamed === undefined ? null : `${path} holds a run as a reader shows it, with other names`;
  },
  unsound(run, text) {
    const [flaw] = flawsOf(run, text);
    return flaw === undefined ? null : `the run ${run.id} ${flaw}; documents never change: mend it first`;
  },
  twice: ({ id }, hasSameText) =>
    hasSameText ? null : new UserError(`two of the documents have the id ${id} but not the same content`),
  taken(run, there, place) {
    if (saysTheSame(run, there)) return null;
    return (
      `the run ${run.id} is already on the branch with another content, and documents never change: ` +
      `compare ${place} there with yours`
    );
  },
  message(runs) {
    const [first, ...others] = runs;
    if (first !== undefined && others.length === 0) return commitWords`Add run ${describe(first)}\n`;
    return commitWords`Add ${runs.length} runs\n\n${commitLines(runs.map((run) => commitWords`- ${describe(run)}\n`))}`;
  },
  checkAdded: refuseTwins,
};

/** A document that somebody laid out by hand is still the same, and so are numbers that came by way of another file. */
function saysTheSame(run: Run, there: Run): boolean {
  const wereBothImported = run.source !== undefined && there.source !== undefined;
  const source = wereBothImported ? undefined : run.source;
  return serializeRun(wereBothImported ? { ...there, source } : there) === serializeRun({ ...run, source });
}

function describe({ id, engine, model, simulated, cells }: Run): string {
  const count = (status: string) => cells.filter((cell) => cell.status === status).length;
  const counts = ["ok", "failed", "skipped"]
    .map((status) => [count(status), status] as const)
    .filter(([number]) => number > 0)
    .map(([number, status]) => `${number} ${status}`);
  const kind = simulated && engine.kind !== "simulated" ? `${engine.kind}, simulated` : engine.kind;
  return `${id}: ${[kind, engine.version].filter(Boolean).join(" ")}, ${model.name}, ${counts.join(", ") || "no cells"}`;
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
