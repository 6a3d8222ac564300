import { join } from "node:path";
import { writeJson } from "../files.ts";
import { VERSION } from "../package-root.ts";
import type { Cell } from "../result/cell.ts";
import type { Failure } from "../result/reason.ts";
import { vllmLatencyFile } from "../result/vllm-file.ts";
import { writeCell } from "../verbs/cell-files.ts";
import type { CellPlan } from "../verbs/cell-plan.ts";
import { sizeCell, unmeasuredCell } from "./cells.ts";
import type { SizeResult, SweepWatcher } from "./sweep.ts";

const PITWALL = { kind: "pitwall", version: VERSION };

/** Turns results into cells and vLLM-shaped raw files as they come; afterwards, what is missing into failed cells. */
export class CellWriter implements SweepWatcher {
  readonly cells: Cell[] = [];
  readonly #held: SizeResult[] = [];
  readonly #plans: CellPlan[];
  readonly #output: string;
  readonly onIteration: SweepWatcher["onIteration"];

  constructor(plans: CellPlan[], output: string, onIteration: SweepWatcher["onIteration"]) {
    this.#plans = plans;
    this.#output = output;
    this.onIteration = onIteration;
  }

  async onSize(result: SizeResult): Promise<void> {
    // A failed size waits: only the end of the sweep tells whether the engine or the size was to blame.
    if (result.status === "failed") this.#held.push(result);
    else await this.#write(sizeCell(this.#planOf(result.batchSize), result, PITWALL));
    if (result.status !== "measured") return;
    await writeJson(
      join(this.#output, "raw", `latency_bs${result.batchSize}.json`),
      vllmLatencyFile(result.latenciesS),
    );
  }

  async finish(failure: Failure | undefined): Promise<void> {
    const last = this.#held.at(-1);
    for (const result of this.#held) {
      const ended = result === last ? failure : undefined;
      await this.#write(sizeCell(this.#planOf(result.batchSize), result, PITWALL, ended));
    }
    const missing = this.#plans.filter((plan) => !this.cells.some((cell) => cell.id === plan.id));
    const cause = failure ?? {
      reason: "client_failed" as const,
      detail: "the sweep ended without measuring this size",
    };
    for (const plan of missing) await this.#write(unmeasuredCell(plan, PITWALL, cause, new Date()));
  }

  async #write(cell: Cell): Promise<void> {
    this.cells.push(cell);
    await writeCell(this.#output, cell);
  }

  #planOf(batchSize: number): CellPlan {
    return this.#plans.find((plan) => plan.params.batchSize === batchSize)!;
  }
}
