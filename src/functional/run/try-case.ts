import { setTimeout as sleep } from "node:timers/promises";
import { cut } from "../../foreign-text/limits.ts";
import { NoAnswer, type Sent, send, sentFrom, type Target } from "../client/send.ts";
import { type Answer, type Ask, type Case, Deviation, type Served, Undecided } from "../model/case.ts";
import type { Exchange } from "../model/result.ts";

/** What one try of a case came to. */
export type Try =
  | { kind: "conforms"; answers: readonly Answer[] }
  | { kind: "deviates"; reason: string; path?: string; exchanges: Exchange[] }
  | { kind: "undecided"; reason: string; exchanges: Exchange[] }
  | { kind: "unanswered"; reason: string; exchanges: Exchange[] };

const SHOWN = { request: 2_000, answer: 2_000 };

/** Asks once what a case asks, and holds the answers against it. @throws the reason of an abort, and bugs of ours */
export async function tryCase(
  one: Case,
  target: Target,
  served: Served,
  redact: (text: string) => string,
): Promise<Try> {
  const sent: Sent[] = [];
  const answers: Answer[] = [];
  const asks = typeof one.asks === "function" ? one.asks(served) : one.asks;
  const shown = () => sent.map((request, at) => exchangeOf(request, answers[at], redact));
  try {
    await askAll(asks, one.together === true);
    if (one.next !== undefined) await askAll(one.next(answers), false);
    one.check(answers, served);
    return { kind: "conforms", answers };
  } catch (error) {
    if (error instanceof NoAnswer) return { kind: "unanswered", reason: redact(error.message), exchanges: shown() };
    if (error instanceof Undecided) return { kind: "undecided", reason: error.message, exchanges: shown() };
    if (!(error instanceof Deviation)) throw error;
    const { message, path } = error;
    return { kind: "deviates", reason: redact(message), ...(path === undefined ? {} : { path }), exchanges: shown() };
  }

  async function askAll(more: readonly Ask[], together: boolean): Promise<void> {
    const first = sent.length;
    const ask = async (one_: Ask, at: number) => {
      sent[first + at] = sentFrom(one_, target);
      answers[first + at] = await send(one_, target, one.id);
    };
    if (together) await Promise.all(more.map(ask));
    else for (const [at, one_] of more.entries()) await ask(one_, at);
  }
}

function exchangeOf(
  { method, path, body = "" }: Sent,
  answer: Answer | undefined,
  redact: (text: string) => string,
): Exchange {
  const request = cut(redact(`${method} ${path}${body === "" ? "" : ` ${body}`}`), SHOWN.request);
  if (answer === undefined) return { request, answer: "" };
  return { request, status: answer.status, answer: cut(redact(answer.text), SHOWN.answer) };
}

/** Between two tries: what was busy may be so no more. */
export const beforeAnother = (signal: AbortSignal) => sleep(100, undefined, { signal });
