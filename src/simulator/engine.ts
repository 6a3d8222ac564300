import type { Clock } from "./clock.ts";
import {
  abortSequence,
  cachedTokens,
  finishStep,
  type Limits,
  newSequence,
  planStep,
  type Queues,
  type Sequence,
  type StepPlan,
} from "./scheduler.ts";
import { type StepTiming, stepMs } from "./step-time.ts";

/** A machine that was held up catches up at most this much; more would bunch the tokens of many steps together. */
const MAX_LAG_MS = 50;

/** @param generated tokens so far, this one included; @param last whether it is the last one */
type OnToken = (generated: number, last: boolean) => void;

export interface EngineStats {
  running: number;
  waiting: number;
  cachedTokens: number;
  promptTokens: number;
  generationTokens: number;
  finished: number;
  aborted: number;
}

interface EngineOptions {
  timing: StepTiming;
  limits: Limits;
  clock: Clock;
  /** Factor of the next step's duration; 1 is no noise. */
  noise: () => number;
}

/** Runs step after step while there is work. Deadlines are absolute: a step starts when the one before was due. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #queues: Queues = { waiting: [], running: [] };
  readonly #listeners = new Map<Sequence, OnToken>();
  readonly #totals = { promptTokens: 0, generationTokens: 0, finished: 0, aborted: 0 };
  #busy = false;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  submit(promptTokens: number, maxTokens: number, onToken: OnToken): Sequence {
    const sequence = newSequence(promptTokens, maxTokens);
    this.#queues.waiting.push(sequence);
    this.#listeners.set(sequence, onToken);
    if (!this.#busy) this.#wake();
    return sequence;
  }

  abort(sequence: Sequence): void {
    if (!this.#listeners.delete(sequence)) return;
    abortSequence(this.#queues, sequence);
    this.#totals.aborted += 1;
  }

  stats(): EngineStats {
    const { running, waiting } = this.#queues;
    const cached = cachedTokens(this.#queues);
    return { running: running.length, waiting: waiting.length, cachedTokens: cached, ...this.#totals };
  }

  /** In a later turn of the event loop, so that requests that arrive together start together. */
  #wake(): void {
    const { clock } = this.#options;
    this.#busy = true;
    clock.at(clock.now(), () => this.#startStep(clock.now()));
  }

  #startStep(start: number): void {
    const { timing, limits, clock, noise } = this.#options;
    const plan = planStep(this.#queues, limits);
    if (plan === null) {
      this.#busy = false;
      return;
    }
    const end = start + stepMs(timing, plan) * noise();
    clock.at(end, () => {
      this.#finishStep(plan);
      this.#startStep(Math.max(end, clock.now() - MAX_LAG_MS));
    });
  }

  #finishStep(plan: StepPlan): void {
    const totals = this.#totals;
    for (const sequence of finishStep(this.#queues, plan)) {
      const last = sequence.state === "finished";
      const onToken = this.#listeners.get(sequence);
      if (sequence.generated === 1) totals.promptTokens += sequence.promptTokens;
      totals.generationTokens += 1;
      if (last) {
        totals.finished += 1;
        this.#listeners.delete(sequence);
      }
      onToken?.(sequence.generated, last);
    }
  }
}
