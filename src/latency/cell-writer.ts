import { join } from "node:path";
import { writeJson } from "../files.ts";
import { PITWALL } from "../package-root.ts";
import type { Cell } from "../result/document/cell.ts";
import type { CellPlan } from "../result/document/cell-plan.ts";
import type { Failure } from "../result/document/reason.ts";
import { leftOutCell, unmeasuredCell } from "../result/document/unmeasured-cell.ts";
import { vllmLatencyFile } from "../result/vllm/latency-file.ts";
import { writeCell } from "../working-folder/cells.ts";
import { rawFolder } from "../working-folder/names.ts";
import type { SizedCell } from "../working-folder/raw-names.ts";
import { rawName } from "../working-folder/raw-names.ts";
import { sizeCell } from "./cells.ts";
import { pytorchRecords, type RecordedEngine } from "./pytorch-record.ts";
import type { SizeResult, SweepPlan, SweepWatcher } from "./sweep.ts";
import { sizeLabel } from "./sweep-cells.ts";
import { writeThroughputFiles } from "./throughput-files.ts";

interface SweepTarget {
  plans: CellPlan[];
  sweep: SweepPlan;
  engine: RecordedEngine;
  output: string;
  folder: KeepingFolder;
}

/** A working folder that may hold other cells. */
interface KeepingFolder {
  staying: readonly Cell[];
  /** Removes the raw files that an earlier measurement of this cell left. */
  makeRoom(id: string): Promise<void>;
}

/** Turns results into cells and vLLM-shaped raw files as they come; afterwards, what is missing into failed cells. */
export class CellWriter implements SweepWatcher {
  readonly cells: Cell[] = [];
  readonly #target: SweepTarget;
  readonly onIteration: SweepWatcher["onIteration"];
  /** A failed size waits: only what comes next tells whether the engine survived it. */
  #held: SizeResult | undefined;

  constructor(target: SweepTarget, onIteration: SweepWatcher["onIteration"]) {
    this.#target = target;
    this.onIteration = onIteration;
  }

  async onSize(result: SizeResult): Promise<void> {
    await this.#release();
    if (result.status === "failed") {
      this.#held = result;
      return;
    }
    const cell = sizeCell(this.#planOf(result), result, PITWALL);
    await this.#write(cell);
    const { engine, output } = this.#target;
    if (cell.benchmark === "throughput-benchmark") await writeThroughputFiles(cell, engine, output);
    else await this.#writeRaw(result.cell, result.latenciesS);
  }

  /** @param failure why the sweep ended early, if it did: then the size that was under way is to blame */
  async finish(failure: Failure | undefined): Promise<void> {
    const culprit = this.#held;
    await this.#release(failure);
    const { plans, sweep } = this.#target;
    const missing = plans.filter((plan) => !this.cells.some((cell) => cell.id === plan.id));
    const cause = failure ?? {
      reason: "client_failed" as const,
      detail: "the sweep ended without measuring this size",
    };
    const lost = culprit && failure && sizeLabel(sweep.cells.find(({ id }) => id === culprit.cell)!);
    for (const plan of missing) {
      const isLeftOut = lost !== undefined && cause.reason !== "cancelled";
      await this.#write(
        isLeftOut ? leftOutCell(plan, PITWALL, cause, lost) : unmeasuredCell(plan, PITWALL, cause, new Date()),
      );
    }
  }

  async #release(ended?: Failure): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) await this.#write(sizeCell(this.#planOf(held), held, PITWALL, ended));
  }

  async #write(cell: Cell): Promise<void> {
    const { output, folder } = this.#target;
    this.cells.push(cell);
    await folder.makeRoom(cell.id);
    await writeCell(output, cell);
  }

  async #writeRaw(id: string, latenciesS: number[]): Promise<void> {
    const { sweep, engine, output, folder } = this.#target;
    const cell = sweep.cells.find((each) => each.id === id)!;
    const path = join(rawFolder(output), rawName(cell, [...sweep.cells, ...sizesOf(folder.staying)]));
    await writeJson(`${path}.json`, vllmLatencyFile(latenciesS));
    await writeJson(`${path}.pytorch.json`, pytorchRecords(engine, cell, sweep, latenciesS));
  }

  #planOf(result: SizeResult): CellPlan {
    return this.#target.plans.find((plan) => plan.id === result.cell)!;
  }
}

const sizesOf = (cells: readonly Cell[]): SizedCell[] =>
  cells.flatMap(({ id, benchmark, params }) =>
    benchmark === "latency-sweep" ? [{ id, batchSize: Number(params.batchSize) }] : [],
  );
