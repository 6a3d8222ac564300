import { z } from "zod";

/** What a build's right and wrong answers come to beside its base's on the same samples. */
const ACCURACY_VERDICTS = {
  accuracy_lost: "More samples were lost than gained, beyond chance.",
  accuracy_gained: "More were gained than lost, beyond chance.",
  no_difference_shown: "What changed may be chance.",
  base_too_weak: "The base answers so few right that no loss could be seen.",
  incomplete: "One of the two left samples without an answer.",
} as const satisfies Record<string, string>;
export type AccuracyVerdict = keyof typeof ACCURACY_VERDICTS;

const count = z.int().nonnegative();

/** How a build answers samples that have a right answer, beside its base. */
export const Accuracy = z.strictObject({
  verdict: z.enum(Object.keys(ACCURACY_VERDICTS) as [AccuracyVerdict, ...AccuracyVerdict[]]),
  samples: count,
  unanswered: count.meta({ description: "By one of the two, or both." }),
  correct: count,
  correctOfBase: count,
  lost: count.meta({ description: "Right of the base, wrong of the build." }),
  gained: count.meta({ description: "The other way round." }),
  p: z.number().min(0).max(1).meta({ description: "Exact two-sided McNemar test of lost and gained." }),
});
export type Accuracy = z.infer<typeof Accuracy>;

/** `accuracy_lost: 9 of 72 samples that the base answers right are wrong, 0 the other way round (p = 0.0039)` */
export function accuracyText({ verdict, samples, unanswered, correct, correctOfBase, ...changed }: Accuracy): string {
  if (verdict === "incomplete") return `accuracy unknown: ${unanswered} of ${samples} samples have no answer`;
  if (verdict === "base_too_weak")
    return `accuracy unknown: the base answers ${correctOfBase} of ${samples} samples right`;
  if (verdict === "no_difference_shown") {
    return `no change of accuracy shown: ${correct} of ${samples} samples right, of the base ${correctOfBase}`;
  }
  const { lost, gained, p } = changed;
  return (
    `${verdict}: ${lost} of ${samples} samples that the base answers right are wrong, ` +
    `${gained} the other way round (p = ${p.toPrecision(2)})`
  );
}
