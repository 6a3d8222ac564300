import { identified } from "../../../accuracy/samples/read-samples.ts";
import { SMOKE, SMOKE_MATCHING } from "../../../accuracy/samples/smoke.ts";
import { type SampleOutcome, scoreSamples } from "../../../accuracy/score-samples.ts";
import { type Pair, pairedRuns, pairedVerdict } from "../../../accuracy/statistics/paired.ts";
import type { Accuracy, AccuracyVerdict } from "../../../arms/commits/judge/accuracy.ts";
import type { RunInputs } from "../../run/inputs.ts";

const MAX_TOKENS = 128;
const PARALLEL = 8;
const ANSWER_WITHIN_SECONDS = 120;

interface Server {
  baseUrl: string;
  model: string;
}

/** Asks an engine the samples that we ship, greedily. @throws the signal's reason */
export async function askAccuracy(
  { baseUrl, model }: Server,
  { endpoint, seed }: Pick<RunInputs, "endpoint" | "seed">,
  signal: AbortSignal,
): Promise<SampleOutcome[]> {
  return await scoreSamples({
    ...{ baseUrl, signal, matching: SMOKE_MATCHING, samples: identified(SMOKE, SMOKE_MATCHING) },
    asking: { endpoint, model, temperature: 0, seed, maxTokens: MAX_TOKENS },
    concurrency: PARALLEL,
    requestTimeout: ANSWER_WITHIN_SECONDS,
  });
}

const WORDS = {
  worse: "accuracy_lost",
  better: "accuracy_gained",
  no_difference_shown: "no_difference_shown",
} as const satisfies Record<string, AccuracyVerdict>;

/** A build beside its base, sample by sample. @param base in the same order, one sample at least */
export function accuracyBeside(base: readonly SampleOutcome[], build: readonly SampleOutcome[]): Accuracy {
  const isAnswered = (place: number) => base[place]!.kind !== "unanswered" && build[place]!.kind !== "unanswered";
  const pairs = base.flatMap(({ id, kind }, place): Pair[] =>
    isAnswered(place) ? [{ id, before: kind === "correct", now: build[place]!.kind === "correct" }] : [],
  );
  const { verdict, lost, gained, p } = pairedRuns(pairs);
  const [correct, correctOfBase] = [build, base].map((all) => all.filter(({ kind }) => kind === "correct").length);
  const isTooWeak = verdict === "no_difference_shown" && pairedVerdict(correctOfBase!, 0) !== "worse";
  const unanswered = base.length - pairs.length;
  return {
    verdict: unanswered > 0 ? "incomplete" : isTooWeak ? "base_too_weak" : WORDS[verdict],
    ...{ samples: base.length, unanswered, correct: correct!, correctOfBase: correctOfBase! },
    ...{ lost: lost.length, gained: gained.length, p },
  };
}
