import { createHash } from "node:crypto";
import { boundedRun } from "../../result/checks/bounded-run.ts";
import { CELL_ID } from "../../result/document/cell.ts";
import { compactMoment, Run, type RunCell } from "../../result/document/run.ts";
import { fingerprint } from "../../result/series/fingerprint.ts";
import { sumOfStages } from "../work/stages.ts";
import type { Evaluated, Graded } from "./graded.ts";
import type { CandidateSummary, Tally } from "./summary.ts";

interface DocumentParts {
  evaluated: Evaluated;
  candidate: CandidateSummary;
  /** Version number of pitwall. */
  version: string;
}

/**
 * The pass rates of one candidate as a run document, whose model it is, with a cell for each group of versions. Pure: the same
 * evidence gives the same document. Undefined where nothing was run.
 */
export function evaluationRun({ evaluated, candidate, version }: DocumentParts): Run | undefined {
  const { trigger, host } = evaluated.asked;
  const own = evaluated.results.filter((one) => one.candidate === candidate.candidate);
  const saved = own.flatMap((one) => one.saved ?? []);
  if (saved.length === 0) return undefined;
  const starts = saved.map(({ startedAt }) => Date.parse(startedAt));
  const ends = saved.map(({ startedAt, stages }) => Date.parse(startedAt) + 1000 * sumOfStages(stages));
  const [startedAt, finishedAt] = [Math.min(...starts), Math.max(...ends)].map((at) => new Date(at).toISOString());
  const cells = candidate.groups.map((tally) => cellOf(tally, own));
  const suffix = createHash("sha256")
    .update(JSON.stringify([candidate.model, host.label, saved.map(({ digest }) => digest), cells]))
    .digest("hex");
  return Run.parse(
    boundedRun({
      schema: "pitwall.run/1",
      id: `${compactMoment(startedAt!)}-${suffix.slice(0, 8)}`,
      ...{ startedAt: startedAt!, finishedAt: finishedAt!, trigger, host, cells },
      outcome: cells.every(({ status }) => status === "ok") ? "ok" : "failed",
      engine: { kind: "tests", version: null, ...imageOf(saved), args: [], secondsToReady: null },
      model: { name: candidate.model, revision: null, dtype: null, quantization: null, tensorParallel: 1 },
      client: { kind: "pitwall", version },
      simulated: false,
    }),
  );
}

/** Only where all ran in the same. */
function imageOf(saved: readonly NonNullable<Graded["saved"]>[]) {
  const [only, ...more] = new Map(
    saved.flatMap(({ environment: at }) => (at === null ? [] : [[at.digest, at]])),
  ).values();
  const isOne = only !== undefined && more.length === 0;
  return { image: isOne ? only.name : null, imageDigest: isOne ? only.digest : null };
}

function cellOf({ name, asked, valid, resolved }: Tally, own: readonly Graded[]): RunCell {
  const id = `evaluate/${name.replaceAll(/[^A-Za-z0-9._-]/g, "_")}`;
  if (!CELL_ID.test(id)) throw new Error(`no id of a cell: ${id}`);
  const ids = own.filter(({ instance }) => instance.group === name).map(({ instance }) => instance.id);
  // A rate over other instances is no later point of the same series.
  const params = { versions: name, instances: fingerprint(ids.toSorted().join("\n")) };
  const identity = { id, benchmark: "evaluate" as const, params };
  if (valid === 0)
    return { ...identity, status: "failed", reason: "environment", detail: "no instance is valid here: see report.md" };
  const counts = { resolved, evaluated: valid, not_valid_here: asked - valid };
  return { ...identity, status: "ok", metrics: { ...counts, resolved_fraction: resolved / valid } };
}
