import { bodyOf, eventsOf, refusalOf } from "../model/answers.ts";
import { type Answer, Deviation } from "../model/case.ts";

/** What every good answer has: choices; of a stream events without an error, up to [DONE]. @throws Deviation */
export function isGood([answer]: readonly Answer[]): void {
  if (!answer?.contentType.startsWith("text/event-stream")) {
    const choices = bodyOf(answer).at("choices");
    if (choices.list().length === 0) choices.wrong("must have a choice");
    return;
  }
  if (!eventsOf(answer).done) throw new Deviation("the stream must end with [DONE]");
}

export const isRefused = ([answer]: readonly Answer[]): void => void refusalOf(answer);
