import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { MOST_CHOICES } from "../grade/choice-named.ts";
import type { Sample } from "../sample.ts";
import { rightChoiceOf } from "./right-choice.ts";

/** A sample as it is read, before it has an id. */
export type SampleParts = Omit<Sample, "id">;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const scalars = z.union([scalar, z.array(scalar)]);

const FORM = {
  question: z.string().refine((text) => text.trim() !== "", "must not be empty"),
  choices: z.array(scalar).min(2).max(MOST_CHOICES).optional(),
  answer: scalars.optional(),
  gt: scalars.optional(),
  answer_idx: scalar.optional(),
  label: scalar.optional(),
  answer_aliases: scalars.optional(),
};
const KNOWN = Object.keys(FORM);
/** Each may say what is right; where several do, they must say the same. */
const RIGHT = ["answer", "gt", "answer_idx", "label"] as const;

type Raw = z.output<z.ZodObject<typeof FORM>>;
type Context = z.core.$RefinementCtx;

/** Written by hand among settings, where another name is a slip. */
export const InlineSample = z.strictObject(FORM).transform(partsOf);

/** A line or entry of a dataset, which has other columns too; a name that is nearly one of ours is a slip all the same. */
export const DatasetSample = z.looseObject(FORM).transform((raw, context) => {
  const missing = KNOWN.filter((name) => !(name in raw));
  for (const name of Object.keys(raw).filter((one) => !KNOWN.includes(one))) {
    const meant = missing.find((one) => distance(one, name) <= 2);
    if (meant !== undefined) problem(context, [name], `is no known name; did you mean “${meant}”?`);
  }
  return partsOf(raw, context);
});

function partsOf(raw: Raw, context: Context): SampleParts {
  const parts = raw.choices === undefined ? textParts(raw) : choiceParts(raw, textsOf(raw.choices));
  if (!("wrong" in parts)) return { ...parts, question: raw.question };
  problem(context, parts.path, parts.wrong);
  return z.NEVER;
}

interface Wrong {
  wrong: string;
  path: string[];
}

function choiceParts(raw: Raw, choices: string[]): Omit<SampleParts, "question"> | Wrong {
  if (new Set(choices.map((choice) => choice.trim())).size < choices.length) {
    return { wrong: "must be different from each other", path: ["choices"] };
  }
  const given = RIGHT.filter((name) => raw[name] !== undefined);
  const found = new Set<number>();
  for (const name of given) {
    const right = rightChoiceOf(name, raw[name]!, choices);
    if (typeof right === "string") return { wrong: right, path: [name] };
    found.add(right);
  }
  const [rightChoice, other] = found;
  if (rightChoice === undefined) return NO_ANSWER;
  if (other !== undefined) return disagreeing(given);
  return { choices, rightChoice, answers: textsOf(raw.answer_aliases) };
}

function textParts(raw: Raw): Omit<SampleParts, "question"> | Wrong {
  const places = (["answer_idx", "label"] as const).filter((name) => raw[name] !== undefined);
  if (places[0] !== undefined) return { wrong: "names a choice, and there are no choices", path: [places[0]] };
  const [answers, gt] = [textsOf(raw.answer), textsOf(raw.gt)];
  if (answers.length === 0 && gt.length === 0) return NO_ANSWER;
  if (answers.length > 0 && gt.length > 0 && answers.join("\n") !== gt.join("\n")) return disagreeing(["answer", "gt"]);
  const right = answers.length > 0 ? answers : gt;
  return { choices: [], answers: [...new Set([...right, ...textsOf(raw.answer_aliases)])] };
}

const NO_ANSWER: Wrong = { wrong: `has no right answer: give ${RIGHT.join(", ")}`, path: [] };

const disagreeing = (names: readonly string[]): Wrong => ({
  wrong: `says another answer is right than ${names.slice(1).join(", ")}`,
  path: [names[0]!],
});

const textsOf = (given: Raw["answer"]): string[] => (given === undefined ? [] : [given].flat().map(String));

function problem(context: Context, path: string[], message: string): void {
  // A copy: the validator puts what is around it before the path of an issue.
  context.issues.push({ code: "custom", path: [...path], message, input: undefined });
}
