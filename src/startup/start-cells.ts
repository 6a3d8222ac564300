import { EngineError } from "../engine/engine-error.ts";
import { PITWALL } from "../package-root.ts";
import { phasesText } from "../report/text/start-phases-text.ts";
import type { Cell, SingleMeasurement } from "../result/document/cell.ts";
import type { CellPlan } from "../result/document/cell-plan.ts";
import type { EngineRecord } from "../result/document/engine-record.ts";
import type { Failure } from "../result/document/reason.ts";
import { present } from "../result/present.ts";
import type { Tools } from "../tools.ts";
import type { EngineStarts } from "./engine-starts.ts";

export interface StartsPlan extends CellPlan {
  params: { cache: "cold" | "warm"; iterations: number };
}

type Start = Extract<SingleMeasurement, { kind: "starts" }>["starts"][number];

/** What a cell has come to. */
interface Progress {
  starts: Start[];
  warmupSeconds: number;
  /** What is under way. */
  doing: string;
}

/** Measures a cell: a start that fails is its last, and what was measured before is kept. */
export async function measureStarts(plan: StartsPlan, engine: EngineStarts, { report }: Tools): Promise<Cell> {
  const startedAt = new Date();
  const progress: Progress = { starts: [], warmupSeconds: 0, doing: "" };
  const say = (message: string) => report.info(message);
  try {
    const measure = plan.params.cache === "cold" ? measureCold : measureWarm;
    await measure(plan.params.iterations, engine, progress, say);
    return cellOf(plan, progress, startedAt);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const detail = `${progress.doing}: ${error.detail}`;
    return cellOf(plan, progress, startedAt, { ...error.failure, detail });
  }
}

type Measure = (
  iterations: number,
  engine: EngineStarts,
  progress: Progress,
  say: (message: string) => void,
) => Promise<void>;

const measureCold: Measure = async (iterations, engine, progress, say) => {
  for (let number = 1; number <= iterations; number++) {
    progress.doing = `cold start ${number} of ${iterations}`;
    add(progress, await engine.cold(`cold-${number}`), say);
  }
};

const measureWarm: Measure = async (iterations, engine, progress, say) => {
  await using cache = await engine.openCache("warm");
  progress.doing = "the start that fills the cache";
  const filled = await engine.in(cache, "fill");
  progress.warmupSeconds = filled.secondsToReady!;
  say(`${progress.doing}: ${startText(startOf(filled))}`);
  for (let number = 1; number <= iterations; number++) {
    progress.doing = `warm start ${number} of ${iterations}`;
    add(progress, await engine.in(cache, `warm-${number}`), say);
  }
};

function add({ starts, doing }: Progress, record: EngineRecord, say: (message: string) => void): void {
  const start = startOf(record);
  starts.push(start);
  say(`${doing}: ${startText(start)}`);
}

function startOf({ secondsToReady, startPhases }: EngineRecord): Start {
  return { readySeconds: secondsToReady!, ...present({ phases: startPhases }) };
}

function startText({ readySeconds, phases }: Start): string {
  return `ready after ${readySeconds.toFixed(1)} s${phases === undefined ? "" : `; ${phasesText(phases)}`}`;
}

function cellOf(plan: StartsPlan, { starts, warmupSeconds }: Progress, startedAt: Date, failure?: Failure): Cell {
  const identity = { schema: "pitwall.cell/1" as const, ...plan, client: PITWALL };
  const clock = {
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    warmupSeconds,
    measuredSeconds: starts.reduce((sum, { readySeconds }) => sum + readySeconds, 0),
  };
  const measurement = { kind: "starts" as const, starts };
  if (failure === undefined) return { ...identity, ...clock, status: "measured", measurement };
  const partial = starts.length > 0 ? { measurement } : {};
  return { ...identity, ...clock, status: "failed", ...failure, ...partial };
}
