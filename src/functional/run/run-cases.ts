import pLimit from "p-limit";
import type { Target } from "../client/send.ts";
import type { Answer, Case, Served } from "../model/case.ts";
import type { CaseResult } from "../model/result.ts";
import { isAlive } from "./alive.ts";
import { beforeAnother, type Try, tryCase } from "./try-case.ts";

/** How cases are run. */
export interface RunOptions {
  target: Target;
  served: Served;
  /** Cases side by side. */
  parallel: number;
  /** How often a case that fails is asked again. */
  repeats: number;
  redact(text: string): string;
  onResult?(result: CaseResult, answers: readonly Answer[]): void;
}

/** What all cases came to. */
export interface Ran {
  /** In the order of the cases. */
  results: CaseResult[];
  /** Why no more could be tested: the server died. */
  died?: string;
}

/** Runs cases side by side, those that must be alone behind the others. A server that dies is one failure, not one a case. */
export async function runCases(cases: readonly Case[], options: RunOptions): Promise<Ran> {
  const results = new Map<string, CaseResult>();
  let died: string | undefined;
  const runOne = async (one: Case) => {
    options.target.signal.throwIfAborted();
    const ended = died === undefined ? await runCase(one, options) : { result: notTested(one, died), answers: [] };
    const { result } = ended;
    if (ended.died === true) {
      // One failure is enough for all that were under way: nobody knows whose it was.
      if (died !== undefined) return note(notTested(one, died), []);
      died = `the server no longer answers, since ${one.id}: ${result.reason}`;
    }
    note(result, ended.answers);
  };
  const note = (result: CaseResult, answers: readonly Answer[]) => {
    results.set(result.id, result);
    options.onResult?.(result, answers);
  };
  const limit = pLimit(options.parallel);
  await settled(cases.filter(({ alone }) => !alone).map((one) => limit(runOne, one)));
  for (const one of cases.filter(({ alone }) => alone)) await runOne(one);
  return { results: cases.map(({ id }) => results.get(id)!), ...(died === undefined ? {} : { died }) };
}

/** Waits for all of them, so that none goes on behind the first one's error. */
async function settled(work: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(work);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

type Ended = { result: CaseResult; answers: readonly Answer[]; died?: boolean };

async function runCase(one: Case, { target, served, repeats, redact }: RunOptions): Promise<Ended> {
  const start = performance.now();
  let failure: Failure | undefined;
  for (let tries = 1; ; tries += 1) {
    const tried = await tryCase(one, target, served, redact);
    const seconds = Number(((performance.now() - start) / 1000).toFixed(3));
    if (tried.kind === "conforms") {
      const flaky = failure === undefined ? {} : { flaky: true as const, ...failureOf(failure) };
      return { result: { ...identityOf(one), outcome: "conforms", ...flaky, tries, seconds }, answers: tried.answers };
    }
    if (tried.kind === "undecided") {
      return { result: { ...notTested(one, tried.reason), exchanges: tried.exchanges, tries, seconds }, answers: [] };
    }
    failure = tried;
    const result: CaseResult = { ...identityOf(one), outcome: "deviates", ...failureOf(tried), tries, seconds };
    if (tried.kind === "unanswered" && !(await isAlive(target))) return { result, answers: [], died: true };
    if (tries > repeats) return { result, answers: [] };
    await beforeAnother(target.signal);
  }
}

type Failure = Extract<Try, { kind: "deviates" | "unanswered" }>;

function failureOf({ kind: _, ...failure }: Failure) {
  return failure;
}

/** What a result says of its case. */
export const identityOf = ({ id, title, severity, endpoint }: Case) => ({ id, title, severity, endpoint });

const notTested = (one: Case, reason: string): CaseResult => ({
  ...identityOf(one),
  outcome: "not_tested",
  reason,
});
