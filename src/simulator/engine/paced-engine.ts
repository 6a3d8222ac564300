import type { Clock } from "./clock.ts";
import type { Engine, EngineStats, OnToken } from "./engine.ts";
import type { Sequence } from "./sequence.ts";
import { Telemetry } from "./telemetry.ts";

/** Tokens that fall due within this time are written in one go: waking up costs more than writing. */
const LEAST_SLEEP_MS = 0.3;

export interface Pace {
  ttftMs: number;
  itlMs: number;
  /** The share of a gap between tokens, in [0, 1), that a new request's tokens are shifted by. */
  phase: () => number;
}

interface Stream {
  sequence: Sequence;
  onToken: OnToken;
  firstDueMs: number;
  dueMs: number;
}

/**
 * For measuring clients: no batch, no queue. Token k of a request is due at arrival + TTFT + phase + k · ITL, k from 0,
 * whatever others do.
 */
export class PacedEngine implements Engine {
  readonly telemetry = new Telemetry();
  readonly #pace: Pace;
  readonly #clock: Clock;
  /** In order of the next token's deadline. */
  #streams: Stream[] = [];
  #wakeMs = Number.POSITIVE_INFINITY;

  constructor(pace: Pace, clock: Clock) {
    this.#pace = pace;
    this.#clock = clock;
  }

  submit(sequence: Sequence, onToken: OnToken): void {
    const { ttftMs, itlMs, phase } = this.#pace;
    if (Number.isNaN(sequence.arrivedMs)) sequence.arrivedMs = this.#clock.now();
    sequence.state = "running";
    const firstDueMs = sequence.arrivedMs + ttftMs + itlMs * phase();
    this.telemetry.scheduled(sequence, sequence.arrivedMs);
    this.#insert({ sequence, onToken, firstDueMs, dueMs: firstDueMs });
    this.#wakeAt((this.#streams[0] as Stream).dueMs);
  }

  abort(sequence: Sequence): void {
    const rest = this.#streams.filter((stream) => stream.sequence !== sequence);
    if (rest.length === this.#streams.length) return;
    this.#streams = rest;
    sequence.state = "aborted";
    this.telemetry.totals.aborted += 1;
  }

  stats(): EngineStats {
    return { running: this.#streams.length, waiting: 0, kvUsage: 0 };
  }

  resetPrefixCache(): boolean {
    return true;
  }

  #wakeAt(time: number): void {
    if (time >= this.#wakeMs) return;
    this.#wakeMs = time;
    this.#clock.at(time, () => {
      // If two alarms are set, only the earlier one counts; it has set the next.
      if (this.#wakeMs === time) this.#emitDue();
    });
  }

  #emitDue(): void {
    while (this.#streams.length > 0 && this.#streams[0]!.dueMs <= this.#clock.now()) this.#emit(this.#streams.shift()!);
    this.#wakeMs = Number.POSITIVE_INFINITY;
    const next = this.#streams[0];
    if (next !== undefined) this.#wakeAt(Math.max(next.dueMs, this.#clock.now() + LEAST_SLEEP_MS));
  }

  #emit(stream: Stream): void {
    const { sequence, onToken, dueMs } = stream;
    sequence.generated += 1;
    if (sequence.generated === sequence.maxTokens) sequence.state = "finished";
    else {
      stream.dueMs = stream.firstDueMs + sequence.generated * this.#pace.itlMs;
      this.#insert(stream);
    }
    this.telemetry.token(sequence, dueMs);
    onToken(sequence, dueMs);
  }

  /** By bisection; most often near the end, since all streams have the same gap. */
  #insert(stream: Stream): void {
    let [low, high] = [0, this.#streams.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#streams[middle]!.dueMs <= stream.dueMs) low = middle + 1;
      else high = middle;
    }
    this.#streams.splice(low, 0, stream);
  }
}
