import type { RequestSamples } from "../../src/result/document/cell.ts";

interface Request {
  /** Default: when it was sent. */
  scheduledMs?: number;
  sentMs: number;
  /** Moments of the token events. */
  tokensMs: number[];
  inputTokens?: number;
  outputTokens?: number;
  error?: string;
}

/** Columns of requests told one by one; each got what it asked for, one token an event. */
export function requestSamples(requests: readonly Request[], durationS: number): RequestSamples {
  const tokenCounts = requests.map(({ outputTokens, tokensMs }) => outputTokens ?? tokensMs.length);
  const inputCounts = requests.map(({ inputTokens = 10 }) => inputTokens);
  const last = requests.map(({ tokensMs }) => tokensMs.at(-1) ?? null);
  return {
    durationS,
    scheduledMs: requests.map(({ scheduledMs, sentMs }) => scheduledMs ?? sentMs),
    sentMs: requests.map(({ sentMs }) => sentMs),
    firstTokenMs: requests.map(({ tokensMs }) => tokensMs[0] ?? null),
    lastTokenMs: last,
    endMs: last,
    gapsMs: requests.map(({ tokensMs }) => tokensMs.slice(1).map((at, index) => at - tokensMs[index]!)),
    askedInputTokens: inputCounts,
    askedOutputTokens: tokenCounts,
    inputTokens: inputCounts,
    outputTokens: tokenCounts,
    finishReasons: requests.map(({ error }) => (error === undefined ? "length" : null)),
    errors: requests.map(({ error }) => error ?? null),
  };
}
