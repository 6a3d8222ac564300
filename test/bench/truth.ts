import { z } from "zod";

/** What the simulated engine says about one request; all moments in ms of CLOCK_MONOTONIC. */
const TrueRequest = z.object({
  id: z.string(),
  acceptedMs: z.number(),
  writtenMs: z.array(z.number()),
  dueMs: z.array(z.number()),
  outputTokens: z.number(),
  end: z.string(),
});
export type TrueRequest = z.infer<typeof TrueRequest>;

/** Reads a truth log (JSON lines, in any order): its requests in the order in which the engine accepted them. */
export function parseTruth(text: string): TrueRequest[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const requests = lines.map((line) => TrueRequest.parse(JSON.parse(line)));
  return requests.sort((a, b) => a.acceptedMs - b.acceptedMs);
}

/** Tokens of the requests by which pitwall finds out, before it measures, whether a server answers and what it takes. */
const MOST_ASKED_TOKENS = 2;

/** Whether it belongs to the load of a cell, whose answers are longer than those to a question. */
export const isOfLoad = ({ end, outputTokens }: TrueRequest): boolean =>
  !(end === "length" && outputTokens <= MOST_ASKED_TOKENS);

/** True TTFT: from the whole request being there to the moment before the first token's write. */
export const trueTtftMs = ({ acceptedMs, writtenMs }: TrueRequest): number => writtenMs[0]! - acceptedMs;

export const trueGapsMs = ({ writtenMs }: TrueRequest): number[] =>
  writtenMs.slice(1).map((moment, index) => moment - writtenMs[index]!);

/** How late the engine itself wrote each token. */
export const writeLatenessMs = (requests: readonly TrueRequest[]): number[] =>
  requests.flatMap(({ writtenMs, dueMs }) => writtenMs.map((moment, index) => moment - dueMs[index]!));

/** First acceptance to last write: as long as the engine had something to do for the client. */
export function loadSpanMs(requests: readonly TrueRequest[]): { startMs: number; endMs: number } {
  const endMs = requests.reduce((latest, { writtenMs }) => Math.max(latest, writtenMs.at(-1) ?? 0), 0);
  return { startMs: requests[0]!.acceptedMs, endMs };
}
