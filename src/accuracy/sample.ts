import { createHash } from "node:crypto";

/** How a text is compared with the right ones. */
export interface Matching {
  /** White space around it, and one full stop at its end, do not count. */
  strip: boolean;
  /** Capital letters do not count. */
  caseInsensitive: boolean;
}

/** A question with a right answer. */
export interface Sample {
  /** 16 hex digits of all that decides what is right: the same sample in another run has the same. */
  id: string;
  question: string;
  /** Two or more of a multiple choice; else none. */
  choices: readonly string[];
  /** Place of the right choice, from 0; absent without choices. */
  rightChoice?: number;
  /** Texts that are right; of a multiple choice beside the choice itself. */
  answers: readonly string[];
}

/** Written into each id: the same question asked or graded otherwise is another sample. */
const FORM = 1;

/** @param before how often the same one came before it */
export function sampleOf(parts: Omit<Sample, "id">, { strip, caseInsensitive }: Matching, before = 0): Sample {
  const { question, choices, rightChoice = null, answers } = parts;
  const repeated = before === 0 ? [] : [before];
  return { id: digest([FORM, question, choices, rightChoice, answers, strip, caseInsensitive, ...repeated]), ...parts };
}

/** 16 hex digits of samples, in whatever order: runs with the same are on the same samples. */
export const setOf = (samples: readonly Pick<Sample, "id">[]): string => digest(samples.map(({ id }) => id).toSorted());

const digest = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
