import { deltasOf, eventsOf, finishReasons, pieceOf, usageOf } from "../model/answers.ts";
import { type Answer, Deviation } from "../model/case.ts";

/*
 * What streams of chats and of completions have in common.
 */

export function doneAtEnd([answer]: readonly Answer[]): void {
  const { done, afterDone } = eventsOf(answer);
  if (!done) throw new Deviation("the stream must end with [DONE]");
  if (afterDone) throw new Deviation("nothing may come behind [DONE]");
}

/** All events have the same value there, and it is not empty. */
export const oneOfAll =
  (key: string) =>
  ([answer]: readonly Answer[]): void => {
    const [first, ...others] = eventsOf(answer).chunks.map((chunk) => chunk.at(key));
    if (first!.isNothing() || first!.value === "") first!.wrong("must be there");
    for (const other of others) other.is(first!.value);
  };

/** A choice has one finish reason, behind its last piece. */
export const endsOnce =
  (index = 0) =>
  ([answer]: readonly Answer[]): void => {
    const events = eventsOf(answer);
    const reasons = finishReasons(events, index);
    if (reasons.length !== 1) {
      throw new Deviation(`choice ${index} must have one finish reason, but has ${reasons.length}`);
    }
    const choices = deltasOf(events, index);
    const end = choices.findIndex((choice) => !choice.at("finish_reason").isNothing());
    choices[end]!.at("finish_reason").oneOf(["stop", "length", "tool_calls"]);
    const late = choices.slice(end + 1).find((choice) => pieceOf(choice) !== "");
    late?.wrong("must have no text behind its finish reason");
  };

export function usageAtEnd([answer]: readonly Answer[]): void {
  const last = eventsOf(answer).chunks.at(-1)!;
  last.at("choices").listOf(0);
  usageOf(last);
}

/** Each event has counts that never fall. */
export function usageEverywhere([answer]: readonly Answer[]): void {
  let before = 0;
  for (const chunk of eventsOf(answer).chunks) {
    const { completion } = usageOf(chunk);
    if (completion < before) chunk.at("usage", "completion_tokens").wrong(`must be ${before} or more`);
    before = completion;
  }
}
