import type { Page } from "../../engine/server/page.ts";
import { answersIn, type NoAnswer, unanswered } from "../ask/answer.ts";

/** What is wrong with an answer to a request of another client: undefined where each of its prompts has one. Pure. */
export function noAnswerIn(question: unknown, page: Page): NoAnswer | undefined {
  const answers = answersIn(page);
  const none = answers.find((answer) => answer.kind === "unanswered");
  if (none !== undefined) return none;
  const asked = promptsOf(question);
  return answers.length < asked ? unanswered("no_choices", `${answers.length} choices to ${asked} prompts`) : undefined;
}

/** Several prompts may be in one request of completions; a list of numbers is one, in tokens. */
function promptsOf(question: unknown): number {
  const prompt =
    typeof question === "object" && question !== null && "prompt" in question ? question.prompt : undefined;
  const isList = Array.isArray(prompt) && prompt.every((one) => typeof one !== "number");
  return isList ? prompt.length : 1;
}
