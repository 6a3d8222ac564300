import { postJson, Unreachable } from "../../engine/server/page.ts";
import { type Answer, answerIn, unanswered } from "./answer.ts";

interface Limits {
  signal: AbortSignal;
  limitMs: number;
}

/** Asks once: a server whose answers fail now and then is to be seen, so nothing is tried again. @throws the signal's reason */
export async function ask(url: string, body: object, { signal, limitMs }: Limits): Promise<Answer> {
  try {
    return answerIn(await postJson(url, body, { signal, limitMs }));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Unreachable)) throw error;
    const isLate = error.cause instanceof Error && error.cause.name === "TimeoutError";
    return isLate
      ? unanswered("timeout", `no answer within ${limitMs / 1000} s`)
      : unanswered("unreachable", error.message);
  }
}
