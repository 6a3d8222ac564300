import type { Run } from "../../result/document/run.ts";

/** One file that cannot be used; the message names it. */
export interface Problem {
  file: string;
  message: string;
}

/** A closer look at a run than reading takes. @returns what is wrong, a sentence each */
export type Inspect = (run: Run, text: string) => string[];
