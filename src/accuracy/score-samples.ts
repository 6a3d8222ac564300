import { type Unanswered, unanswered } from "./ask/answer.ts";
import { ask } from "./ask/ask.ts";
import { type Asking, PATHS, questionOf } from "./ask/question.ts";
import { grade } from "./grade/grade.ts";
import type { Matching, Sample } from "./sample.ts";

/** What became of one sample. */
export type SampleOutcome = { id: string } & (
  | { kind: "correct" | "wrong"; text: string; taken: string; namesNoChoice?: true; truncated?: true }
  | { kind: "unanswered"; why: Unanswered; detail: string }
);

export interface Scoring {
  /** Without a trailing slash or /v1. */
  baseUrl: string;
  asking: Asking;
  samples: readonly Sample[];
  matching: Matching;
  /** Samples asked at once. */
  concurrency: number;
  /** Seconds for one answer. */
  requestTimeout: number;
  signal: AbortSignal;
  /** Hears after each sample how many are done. */
  onDone?: (done: number) => void;
}

/** So many in a row that could not reach the server, and it is taken for gone: the others are not asked. */
const GONE_AFTER = 10;

/**
 * Asks a server all samples, some at once, and grades what it answers. An answer that is none is never a wrong one.
 * @returns in the order of samples
 * @throws the signal's reason on abort
 */
export async function scoreSamples(scoring: Scoring): Promise<SampleOutcome[]> {
  const { samples, concurrency, onDone } = scoring;
  const outcomes: SampleOutcome[] = [];
  let [next, done, unreachable] = [0, 0, 0];
  const work = async () => {
    while (next < samples.length) {
      const place = next++;
      const isGone = unreachable >= GONE_AFTER;
      const outcome = isGone ? notAsked(samples[place]!) : await outcomeOf(samples[place]!, scoring);
      if (!isGone) unreachable = isUnreachable(outcome) ? unreachable + 1 : 0;
      outcomes[place] = outcome;
      done += 1;
      onDone?.(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, samples.length) }, work));
  return outcomes;
}

async function outcomeOf(sample: Sample, scoring: Scoring): Promise<SampleOutcome> {
  const { baseUrl, asking, matching, requestTimeout, signal } = scoring;
  const url = `${baseUrl}${PATHS[asking.endpoint]}`;
  const answer = await ask(url, questionOf(sample, asking), { signal, limitMs: 1000 * requestTimeout });
  const { id } = sample;
  if (answer.kind === "unanswered") return { id, ...answer };
  const { correct, ...graded } = grade(sample, answer.text, matching);
  const { text, truncated } = answer;
  return { id, kind: correct ? "correct" : "wrong", text, ...graded, ...(truncated ? { truncated } : {}) };
}

function notAsked({ id }: Sample): SampleOutcome {
  const detail = `${GONE_AFTER} requests in a row could not reach the server`;
  return { id, ...unanswered("not_asked", detail) };
}

const isUnreachable = (outcome: SampleOutcome) => outcome.kind === "unanswered" && outcome.why === "unreachable";
