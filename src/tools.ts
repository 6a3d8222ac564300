/** Shows that work goes on: a bar on a terminal, a line every 10 s elsewhere. */
export interface Progress {
  /** @param done out of the total given at the start; @param note what is going on, a few words */
  update(done: number, note?: string): void;
  end(): void;
}

/**
 * How much there is to do: a number of things; as many, of which nobody knows how long each goes on; or something that may
 * end at any time, but goes on for so many of a unit at most. Only of the first kind a percentage is known.
 */
export type Extent = number | { of: number; unit: string } | { atMost: number; unit: string };

/** What a verb may say; a terminal and a workflow step print it each in its own way. */
export interface Reporter {
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
  progress(title: string, total: Extent): Progress;
}

/** The world a verb works in. */
export interface Tools {
  report: Reporter;
  /**
   * Aborts on Ctrl-C, SIGTERM or a cancelled job. A terminal's ends the process at once until it is first asked for: take it
   * when something begins that must be ended in order, not before.
   */
  readonly signal: AbortSignal;
  env: NodeJS.ProcessEnv;
}
