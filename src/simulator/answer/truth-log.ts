import { closeSync, openSync, writeSync } from "node:fs";
import { messageOf } from "../../errors.ts";
import type { Sequence } from "../engine/sequence.ts";

/** How long nothing must be going on before the file is written. */
const IDLE_MS = 50;
/** More tokens than this are written even under load, so that memory stays bounded. */
const MOST_TOKENS_KEPT = 4_000_000;

/** What happened to one request, as it happened; moments are CLOCK_MONOTONIC in ms. */
export class TruthRecord {
  id: string;
  readonly acceptedMs: number;
  readonly writtenMs: number[] = [];
  readonly dueMs: number[] = [];
  sequences: readonly Sequence[] = [];
  /** Tokens of the prompts, each counted once. */
  inputTokens = 0;
  end = "abort";

  constructor(id: string, acceptedMs: number) {
    this.id = id;
    this.acceptedMs = acceptedMs;
  }

  line(): string {
    const scheduled = this.sequences.map(({ scheduledMs }) => scheduledMs).filter((moment) => !Number.isNaN(moment));
    const line = {
      id: this.id,
      acceptedMs: rounded(this.acceptedMs),
      scheduledMs: scheduled.length === 0 ? null : rounded(Math.min(...scheduled)),
      writtenMs: this.writtenMs.map(rounded),
      dueMs: this.dueMs.slice(0, this.writtenMs.length).map(rounded),
      inputTokens: this.inputTokens,
      outputTokens: this.writtenMs.length,
      cachedTokens: this.sequences.reduce((sum, { cachedTokens }) => sum + cachedTokens, 0),
      end: this.end,
      simulated: true,
    };
    return `${JSON.stringify(line)}\n`;
  }
}

/** To 0.1 µs: what lies below is noise of floating-point numbers. */
const rounded = (ms: number) => Math.round(ms * 1e4) / 1e4;

/** JSON lines, one a request when it ended; formatted and written only when no request is under way. */
export class TruthLog {
  readonly #file: number;
  readonly #open = new Set<TruthRecord>();
  #ended: TruthRecord[] = [];
  #tokensKept = 0;
  #idle: NodeJS.Timeout | undefined;

  /** @throws Error when the file cannot be opened; what was in it is lost */
  constructor(path: string) {
    try {
      this.#file = openSync(path, "w");
    } catch (cause) {
      throw new Error(`--truth: ${path} could not be opened: ${messageOf(cause)}`, { cause });
    }
  }

  begin(record: TruthRecord): void {
    clearTimeout(this.#idle);
    this.#open.add(record);
  }

  finish(record: TruthRecord): void {
    if (!this.#open.delete(record)) return;
    this.#ended.push(record);
    this.#tokensKept += record.writtenMs.length;
    if (this.#tokensKept > MOST_TOKENS_KEPT) this.#flush();
    else if (this.#open.size === 0) this.#idle = setTimeout(() => this.#flush(), IDLE_MS).unref();
  }

  /** Requests still under way are written as they stand. */
  close(): void {
    for (const record of this.#open) this.finish(record);
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    clearTimeout(this.#idle);
    for (const record of this.#ended) writeSync(this.#file, record.line());
    this.#ended = [];
    this.#tokensKept = 0;
  }
}
