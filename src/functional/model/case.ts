import type { Capability } from "./capabilities.ts";

/** must: what every client relies on; should: what OpenAI documents and some rely on; may: an extension that several servers share. */
export const SEVERITIES = ["must", "should", "may"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const ENDPOINTS = ["models", "chat", "completions", "tokenize", "errors"] as const;
/** What a case is about; the key of its group in reports. */
export type Endpoint = (typeof ENDPOINTS)[number];

/** One request, before the model's name and the key are put in. */
export interface Ask {
  method: "GET" | "POST" | "DELETE";
  /** From the root of the server, as in /v1/models; `{model}` stands for the model's name. */
  path: string;
  /** Sent as JSON, with the model's name unless it has one; a text is sent as it is. */
  body?: Readonly<Record<string, unknown>> | string;
  contentType?: string;
  /** Another key than that of the environment; null: none. */
  key?: string | null;
  /**
   * Whether a model that reasons is asked to, or left to itself; without, it is asked not to, for its thoughts would fill a
   * short answer.
   */
  thinks?: "yes" | "by itself";
}

/** What came back, as a whole. */
export interface Answer {
  status: number;
  contentType: string;
  text: string;
}

/**
 * One thing that a server does or does not do. Pure: what to ask, and what the answers must be.
 */
export interface Case {
  /** Stable and dotted, as in `chat.stream.done`. */
  id: string;
  title: string;
  severity: Severity;
  endpoint: Endpoint;
  needs: readonly Capability[];
  asks: readonly Ask[] | ((served: Served) => readonly Ask[]);
  /** The requests are sent at once, not one after the other. */
  together?: boolean;
  /** More requests, made of the answers to the first ones. @throws Deviation */
  next?(answers: readonly Answer[]): readonly Ask[];
  /** Nothing else may be under way. */
  alone?: boolean;
  /** @throws Deviation for what is not as it must be; Undecided where the answers do not tell */
  check(answers: readonly Answer[], served: Served): void;
}

/** What a check knows of the server beside the answers. */
export interface Served {
  model: string;
  /** Longest input and output together, in tokens; null: nobody tells. */
  maxModelLen: number | null;
}

/** An answer is not as it must be. */
export class Deviation extends Error {
  override name = "Deviation";
  /** Where in the answer, as in `$.choices[0].index`; undefined: the answer as a whole. */
  readonly path: string | undefined;

  constructor(words: string, path?: string) {
    super(words);
    this.path = path;
  }
}

/** The model went on to the limit, so that what came is no whole: nothing was held, and nothing deviates. */
export class Undecided extends Error {
  override name = "Undecided";
}
