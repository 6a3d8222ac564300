import { type StepTiming, stepMs } from "../timing/step-time.ts";
import type { Clock } from "./clock.ts";
import type { Engine, EngineStats, OnToken } from "./engine.ts";
import { KvBlocks } from "./kv-blocks.ts";
import { abortSequence, finishStep, type Limits, planStep, type Queues, type StepPlan } from "./scheduler.ts";
import type { Sequence } from "./sequence.ts";
import { Telemetry } from "./telemetry.ts";

/** A machine that was held up catches up at most this much; more would bunch the tokens of many steps together. */
const MAX_LAG_MS = 50;

export interface BatchingOptions {
  timing: StepTiming;
  limits: Limits;
  kvCacheTokens: number;
  prefixCaching: boolean;
  clock: Clock;
  /** Factor of the next step's duration; 1 is no noise. */
  noise: () => number;
}

/** Runs step after step while there is work. Deadlines are absolute: a step starts when the one before was due. */
export class BatchingEngine implements Engine {
  readonly telemetry = new Telemetry();
  readonly #options: BatchingOptions;
  readonly #cache: KvBlocks;
  readonly #queues: Queues = { waiting: [], running: [] };
  readonly #listeners = new Map<Sequence, OnToken>();
  #busy = false;

  constructor(options: BatchingOptions) {
    this.#options = options;
    this.#cache = new KvBlocks(options.kvCacheTokens, { prefixCaching: options.prefixCaching });
  }

  submit(sequence: Sequence, onToken: OnToken): void {
    if (Number.isNaN(sequence.arrivedMs)) sequence.arrivedMs = this.#options.clock.now();
    this.#queues.waiting.push(sequence);
    this.#listeners.set(sequence, onToken);
    if (!this.#busy) this.#wake();
  }

  abort(sequence: Sequence): void {
    if (!this.#listeners.delete(sequence)) return;
    abortSequence(this.#queues, sequence, this.#cache);
    this.telemetry.totals.aborted += 1;
  }

  stats(): EngineStats {
    const { running, waiting } = this.#queues;
    return { running: running.length, waiting: waiting.length, kvUsage: this.#cache.usage() };
  }

  resetPrefixCache(): boolean {
    return this.#cache.resetPrefixCache();
  }

  /** In a later turn of the event loop, so that requests that arrive together start together. */
  #wake(): void {
    const { clock } = this.#options;
    this.#busy = true;
    clock.at(clock.now(), () => this.#startStep(clock.now()));
  }

  #startStep(start: number): void {
    const { timing, limits, clock, noise } = this.#options;
    const plan = planStep(this.#queues, limits, this.#cache);
    if (plan === null) {
      this.#busy = false;
      return;
    }
    this.telemetry.stepPlanned(plan, start, this.#options.prefixCaching);
    const end = start + stepMs(timing, plan) * noise();
    clock.at(end, () => {
      this.#finishStep(plan, end);
      this.#startStep(Math.max(end, clock.now() - MAX_LAG_MS));
    });
  }

  #finishStep(plan: StepPlan, due: number): void {
    const emitted = finishStep(this.#queues, plan, this.#cache);
    for (const sequence of emitted) {
      const onToken = this.#listeners.get(sequence);
      if (sequence.state === "finished") this.#listeners.delete(sequence);
      onToken?.(sequence, due);
    }
    // Counted when all are written: they are due at the same moment.
    for (const sequence of emitted) this.telemetry.token(sequence, due);
  }
}
