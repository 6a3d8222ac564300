import { CellWriter } from "../../latency/cell-writer.ts";
import { iterationsOf, type SweepPlan } from "../../latency/sweep.ts";
import type { Cell } from "../../result/document/cell.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { modelFacts } from "../../result/series/model-facts.ts";
import type { Tools } from "../../tools.ts";
import type { PreparedFolder } from "../benchmark/prepare-folder.ts";
import { measureOffline, type OfflineEngine } from "./engine.ts";

/** Cells for one Python process with an engine inside, be they a sweep's, of throughput, or both. */
export interface OfflineJob {
  engine: OfflineEngine;
  plan: SweepPlan;
  plans: CellPlan[];
}

/** Measures them and writes each as it comes; whatever is missing in the end is a failed or skipped cell. */
export async function runOffline(
  title: string,
  { engine, plan, plans }: OfflineJob,
  folder: PreparedFolder,
  tools: Tools,
): Promise<Cell[]> {
  const { model, engineArgs: args, output } = engine;
  const progress = tools.report.progress(title, iterationsOf(plan));
  const recorded = { model, args, tensorParallel: modelFacts(model, args, null).tensorParallel };
  const target = { plans, sweep: plan, engine: recorded, output, folder };
  const writer = new CellWriter(target, (done, note) => progress.update(done, note));
  try {
    await writer.finish(await measureOffline(engine, plan, writer, tools));
  } finally {
    progress.end();
  }
  return writer.cells;
}

/** Both with the engine of the first: its start may take longer than all the cells of the second. */
export function together(first: OfflineJob, second: OfflineJob): OfflineJob {
  const cells = [...first.plan.cells, ...second.plan.cells];
  return { engine: first.engine, plan: { ...first.plan, cells }, plans: [...first.plans, ...second.plans] };
}
