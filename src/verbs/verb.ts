import type { z } from "zod";
import type { Markdown } from "../foreign-text/markdown.ts";
import type { NamedFailure } from "../report/failure-lines.ts";

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

/** What a verb hands back: outputs for the next step, text for people, and whether the work succeeded. */
export interface Outcome {
  ok: boolean;
  /** Step outputs and `--json`; names in camelCase, made kebab-case at the edge. */
  outputs: Record<string, string | number | boolean | null | string[]>;
  /** Markdown for the job summary. */
  summary?: Markdown;
  /** Plain text for a terminal. */
  text?: string;
  /** What has no numbers, shown as annotations: one for each cause. */
  failures?: NamedFailure[];
  /** An engine did not come up, and nobody had cancelled: the machine may be why. */
  startFailed?: boolean;
}

export interface Verb<Inputs extends z.ZodObject = z.ZodObject> {
  name: string;
  /** One line for `--help`, action.yml and the README. */
  description: string;
  inputs: Inputs;
  /** Names of step outputs and what they hold. */
  outputs: Record<string, string>;
  /** The input that takes bare words: `pitwall validate FILE…`. */
  positional?: keyof z.output<Inputs> & string;
  /** Named sets of values for the `preset` input: above the defaults, below pitwall.yml. */
  presets?: Record<string, Record<string, unknown>>;
  /**
   * Refuses inputs that mean nothing beside others, which the parsed ones cannot tell where there is a default.
   * @param typed what was given with the command or step; @param all with environment, pitwall.yml and preset; both unparsed
   * @throws UsageError
   */
  refuse?(typed: Record<string, unknown>, all: Record<string, unknown>): void;
  run(inputs: z.output<Inputs>, tools: Tools): Promise<Outcome>;
}

/** Keeps a verb's input type tied to its schema. */
export function defineVerb<Inputs extends z.ZodObject>(verb: Verb<Inputs>): Verb<Inputs> {
  return verb;
}
