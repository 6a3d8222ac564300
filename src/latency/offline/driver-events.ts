import { z } from "zod";
import type { Reason } from "../../result/document/reason.ts";
import type { SizeResult, Tokens } from "../sweep.ts";

const cell = z.string();
const counts = z.array(z.int().nonnegative());

/** One JSON line of the driver's event file; see driver.py. */
export const DriverEvent = z.discriminatedUnion("event", [
  z.object({
    event: z.literal("engine"),
    seconds: z.number(),
    version: z.string(),
    maxModelLen: z.int(),
    dtype: z.string(),
    engineArgs: z.record(z.string(), z.unknown()),
  }),
  z.object({ event: z.literal("size_started"), cell, sampling: z.record(z.string(), z.unknown()) }),
  z.object({ event: z.literal("warmup_done"), cell, seconds: z.number() }),
  z.object({
    event: z.literal("iteration"),
    cell,
    index: z.int(),
    seconds: z.number(),
    // Counts of a burst, whose repeats are measurements of their own.
    inputTokens: counts.optional(),
    outputTokens: counts.optional(),
  }),
  z.object({
    event: z.literal("size"),
    cell,
    latencies: z.array(z.number()),
    inputTokens: counts,
    outputTokens: counts,
    warmupSeconds: z.number(),
    measuredSeconds: z.number(),
  }),
  z.object({ event: z.literal("size_failed"), cell, error: z.string(), outOfMemory: z.boolean() }),
  z.object({ event: z.literal("engine_died"), error: z.string() }),
  z.object({ event: z.literal("error"), kind: z.string(), error: z.string() }),
  z.object({ event: z.literal("done") }),
]);
export type DriverEvent = z.infer<typeof DriverEvent>;
export type EngineEvent = Extract<DriverEvent, { event: "engine" }>;

/** Folds the driver's events into results, one cell at a time. */
export class SizeFold {
  #startedAt = new Date();
  #warmupSeconds = 0;
  #latenciesS: number[] = [];
  #repeatTokens: Tokens[] = [];
  /** The cell that is being measured, if any. */
  current: string | undefined;
  /** Warm-up iterations come without events of their own, as one. */
  warmingUp = false;

  /** @returns the result of a size when this event ends one */
  take(event: DriverEvent): SizeResult | undefined {
    switch (event.event) {
      case "size_started":
        this.current = event.cell;
        this.warmingUp = true;
        this.#startedAt = new Date();
        this.#warmupSeconds = 0;
        this.#latenciesS = [];
        this.#repeatTokens = [];
        return undefined;
      case "warmup_done":
        this.#warmupSeconds = event.seconds;
        this.warmingUp = false;
        return undefined;
      case "iteration":
        this.#latenciesS.push(event.seconds);
        if (event.inputTokens !== undefined && event.outputTokens !== undefined) {
          this.#repeatTokens.push({ inputTokens: event.inputTokens, outputTokens: event.outputTokens });
        }
        return undefined;
      case "size": {
        const { inputTokens, outputTokens } = event;
        return { status: "measured", ...this.#finish(event.cell), inputTokens, outputTokens };
      }
      case "size_failed":
        return this.#fail(event.cell, event.error, event.outOfMemory ? "out_of_memory" : "client_failed");
      default:
        return undefined;
    }
  }

  /** The size under way when the driver ended, with the iterations it had. */
  interrupt(error: string): SizeResult | undefined {
    return this.current === undefined ? undefined : this.#fail(this.current, error, "client_failed");
  }

  #fail(cell: string, error: string, reason: Reason): SizeResult {
    return { status: "failed", ...this.#finish(cell), error, reason };
  }

  #finish(cell: string) {
    this.current = undefined;
    const finishedAt = new Date();
    return {
      cell,
      startedAt: this.#startedAt,
      finishedAt,
      warmupSeconds: this.#warmupSeconds,
      latenciesS: this.#latenciesS,
      ...(this.#repeatTokens.length === 0 ? {} : { repeatTokens: this.#repeatTokens }),
    };
  }
}
