import type { z } from "zod";
import type { Markdown } from "../foreign-text/markdown.ts";
import type { NamedFailure } from "../report/text/failure-lines.ts";
import type { Tools } from "../tools.ts";

/** What a verb hands back: outputs for the next step, text for people, and whether the work succeeded. */
export interface Outcome {
  ok: boolean;
  /** Step outputs and `--json`; names in camelCase, made kebab-case at the edge. */
  outputs: Record<string, string | number | boolean | null | string[]>;
  /** What `--json` prints beside the outputs, of any form; a list is printed alone. */
  json?: object;
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

/** What a list of commands says of a verb, which is loaded when it is asked for. */
export interface ListedVerb {
  name: string;
  description: string;
  /** Its bare words, as its usage calls them. */
  words?: string;
  load(): Promise<Verb>;
}

/** Keeps a verb's input type tied to its schema. */
export function defineVerb<Inputs extends z.ZodObject>(verb: Verb<Inputs>): Verb<Inputs> {
  return verb;
}
