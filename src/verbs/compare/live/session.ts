import { join } from "node:path";
import type { Arm } from "../../../arms/arm.ts";
import type { Comparison } from "../../../arms/comparison.ts";
import type { End, LiveComparison } from "../../../arms/live-comparison.ts";
import { blockOrder } from "../../../arms/order/block-order.ts";
import { compareArms, isOpen } from "../../../arms/states/compare-arms.ts";
import type { Design } from "../../../arms/statistics/decide.ts";
import { withMaxModelLen } from "../../../engine/shrink.ts";
import type { CellPlan } from "../../../result/document/cell-plan.ts";
import type { Failure } from "../../../result/document/reason.ts";
import type { QuietWatch } from "../../../telemetry/quiet/quiet.ts";
import type { Tools } from "../../../tools.ts";
import type { RunInputs } from "../../run/inputs.ts";
import { Ledger } from "./ledger.ts";
import { type Attempt, keptMeasurement, measureOnce, type Task } from "./measurement.ts";
import type { Builds } from "./prepare.ts";
import { Progress } from "./progress.ts";

/** The smaller context that all arms have because one had no memory for more. */
export interface Shrinking {
  arm: string;
  /** null: the model's own. */
  from: number | null;
  to: number;
}

interface Plan {
  /** The base first. */
  arms: readonly Arm[];
  cells: readonly CellPlan[];
  maxBlocks: number;
  margin: number;
  maxSeconds: number;
  output: string;
  quiet: QuietWatch;
  inputsOf(arm: Arm): RunInputs;
  builds: Builds;
}

type Earlier = Pick<LiveComparison, "shrunk" | "budgets" | "blocks" | "looks">;

/** Blocks of measurements, one engine at a time, until all is decided or the budget ends. */
export class Session {
  readonly #plan: Plan;
  readonly #tools: Tools;
  readonly ledger: Ledger;
  readonly progress: Progress;
  shrunk: Shrinking | undefined;

  constructor(plan: Plan, tools: Tools) {
    this.#plan = plan;
    this.#tools = tools;
    this.progress = new Progress(plan.maxBlocks);
    this.ledger = new Ledger(plan.arms);
    for (const arm of plan.arms) {
      const build = plan.builds.of(arm);
      if (build.kind === "refused") this.#drop(arm, build.failure);
    }
  }

  /** Goes on with what an earlier call came to, unless that was of something else: then its measurements are no use here. */
  async goOnFrom(earlier: Earlier): Promise<void> {
    this.shrunk = earlier.shrunk;
    const [base] = this.#plan.arms;
    const kept = await keptMeasurement(this.#task(base!, this.#folder(1, 0, base!)));
    if (kept === undefined) this.shrunk = undefined;
    else this.progress.goOnFrom(earlier);
  }

  get design(): Design {
    return { budgets: this.progress.budgets, margin: this.#plan.margin };
  }

  get comparisons(): Comparison[] {
    return compareArms(this.ledger.records, this.#plan.cells, this.design);
  }

  /** @param save called after each block */
  async run(save: () => Promise<void>): Promise<End> {
    const { progress } = this;
    const { maxBlocks, maxSeconds } = this.#plan;
    let longest = 0;
    for (;;) {
      if (this.#tools.signal.aborted) return "cancelled";
      const arms = this.#open();
      if (arms.length < 2) return this.#isAnyLeft() ? "decided" : "nothing_left";
      if (progress.blocks === maxBlocks) return "max_blocks";
      const before = this.ledger.deviceSeconds;
      // One that could not be ended within the budget would be measured for nothing.
      if (before + longest > maxSeconds) return "max_gpu_minutes";
      const end = await this.#measureBlock(arms, progress.blocks + 1);
      longest = Math.max(longest, this.ledger.deviceSeconds - before);
      if (end === "whole") progress.count();
      if (end === "shrunk") {
        progress.beginAnew();
        this.ledger.beginAnew();
      }
      await save();
    }
  }

  #isAnyLeft(): boolean {
    const [base, ...arms] = this.#plan.arms;
    return !this.ledger.isOut(base!) && arms.some((arm) => !this.ledger.isOut(arm));
  }

  /** The base, and arms of which something is not decided. */
  #open(): Arm[] {
    const [base, ...arms] = this.#plan.arms;
    if (this.ledger.isOut(base!)) return [];
    const names = new Set(this.comparisons.filter(isOpen).map(({ arm }) => arm));
    return [base!, ...arms.filter((arm) => !this.ledger.isOut(arm) && names.has(arm.name))];
  }

  async #measureBlock(arms: readonly Arm[], block: number): Promise<"whole" | "broken" | "shrunk"> {
    const order = blockOrder(arms, block - 1);
    let isLooked = false;
    for (const [index, arm] of order.entries()) {
      if (this.ledger.isOut(arm)) continue;
      const task = this.#task(arm, this.#folder(block, index, arm));
      const title = `Block ${block}, ${index + 1} of ${order.length}: ${arm.name}`;
      const kept = await keptMeasurement(task);
      // A block that is measured needs a quiet machine, one that was does not.
      if (kept === undefined && !isLooked) await this.#plan.quiet.wait();
      isLooked ||= kept === undefined;
      if (this.#tools.signal.aborted) return "broken";
      const attempt = kept === undefined ? await this.#measure(task, title) : this.#kept(kept, title);
      if (this.#tools.signal.aborted) return "broken";
      if (this.#isShrunk(arm, attempt)) return "shrunk";
      const failure = this.ledger.keep(arm, block, attempt);
      if (failure !== undefined) this.#drop(arm, failure);
      // Nothing can be held against a base that has no numbers.
      if (failure !== undefined && arm === this.#plan.arms[0]) return "broken";
    }
    return "whole";
  }

  #folder(block: number, index: number, { name }: Arm): string {
    return join(this.#plan.output, "blocks", String(block), `${index + 1}-${name}`);
  }

  #kept(attempt: Attempt, title: string): Attempt {
    this.#tools.report.info(`${title}: measured before, kept`);
    this.ledger.count(attempt);
    return attempt;
  }

  /** Once more where cells have no numbers: a machine may have a bad moment, a bad build fails twice. */
  async #measure(task: Task, title: string): Promise<Attempt> {
    const { report, signal } = this.#tools;
    const first = await this.#attempt(task, title);
    const failures = [...first.gaps.values()];
    const isHopeless = failures.every(({ reason }) => reason === "image_missing");
    if (isHopeless || signal.aborted || first.run?.engine.shrunk !== undefined) return first;
    report.warning(`${task.arm.name} has no numbers of ${[...first.gaps.keys()].join(", ")}: ${failures[0]!.detail}`);
    return await this.#attempt(task, `${title}, once more`);
  }

  async #attempt(task: Task, title: string): Promise<Attempt> {
    const build = this.#plan.builds.of(task.arm);
    const tools = { ...this.#tools, ...(build.kind === "ready" ? { env: build.env } : {}) };
    const attempt = await this.#tools.report.group(title, () => measureOnce(task, tools));
    this.ledger.count(attempt);
    return attempt;
  }

  #task(arm: Arm, output: string): Task {
    const inputs = this.#plan.inputsOf(arm);
    const build = this.#plan.builds.of(arm);
    const { shrunk } = this;
    const engineArgs = shrunk === undefined ? inputs.engineArgs : withMaxModelLen(inputs.engineArgs, shrunk.to);
    const image = build.kind === "ready" ? build.image : undefined;
    return { arm, inputs: { ...inputs, engineArgs, image, output }, cells: this.#plan.cells };
  }

  /** An engine that took a smaller context than all others have: all are measured anew with that. */
  #isShrunk(arm: Arm, { run }: Attempt): boolean {
    const shrunk = run?.engine.shrunk;
    if (shrunk === undefined || shrunk.to === this.shrunk?.to) return false;
    this.shrunk = { arm: arm.name, from: (this.shrunk ?? shrunk).from, to: shrunk.to };
    this.#tools.report.warning(
      `${arm.name} had no memory for its context: all arms are measured anew with --max-model-len ${shrunk.to}`,
    );
    return true;
  }

  #drop(arm: Arm, failure: Failure): void {
    this.ledger.drop(arm, failure);
    this.#tools.report.warning(`${arm.name} is left out: ${failure.reason}: ${failure.detail}`);
  }
}
