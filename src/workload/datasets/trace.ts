import { z } from "zod";
import { listOf } from "../../checked.ts";
import { type DatasetText, jsonLinesIn } from "../../json-lines.ts";
import { LARGEST_DATA_MIB, readPlain } from "../../plain-file.ts";
import type { Arrivals } from "../arrivals/arrivals.ts";
import { BLOCK_TOKENS, type Prompts, TOKENS, type TraceRequest } from "../prompts.ts";
import { checkPositive } from "../values.ts";

const tokens = z.int().min(TOKENS.min).max(TOKENS.max);
const time = z.number().min(0).optional();

// Loose: traces carry columns of their own.
const TraceLine = z
  .looseObject({
    timestamp: time,
    timestamp_ms: time,
    timestamp_s: time,
    input_length: tokens,
    output_length: tokens,
    hash_ids: listOf(z.int().min(0)).default([]),
    shared_prefix: z.strictObject({ id: z.union([z.string(), z.number()]), tokens }).optional(),
  })
  .superRefine((line, { addIssue }) => {
    const refuse = (message: string) => addIssue({ code: "custom", message });
    const { timestamp, timestamp_ms, timestamp_s, input_length, hash_ids, shared_prefix } = line;
    if ([timestamp, timestamp_ms, timestamp_s].filter((value) => value !== undefined).length !== 1)
      refuse("must have exactly one of timestamp (ms), timestamp_ms and timestamp_s");
    const blocks = Math.ceil(input_length / BLOCK_TOKENS);
    if (hash_ids.length > blocks)
      refuse(
        `has ${hash_ids.length} hash_ids, but its input_length fills only ${blocks} blocks of ${BLOCK_TOKENS} tokens: ` +
          "each must stand for one such block, as in Mooncake's traces",
      );
    if (hash_ids.length > 0 && shared_prefix !== undefined)
      refuse("has both hash_ids and shared_prefix: keep one of them");
    if (shared_prefix !== undefined && shared_prefix.tokens > input_length)
      refuse("has a shared_prefix of more tokens than its input_length");
  });
type TraceLine = z.output<typeof TraceLine>;

export interface Trace {
  arrivals: Extract<Arrivals, { kind: "trace" }>;
  prompts: Extract<Prompts, { kind: "trace" }>;
}

/**
 * Recorded traffic, one request a line, in Mooncake's form or with a named shared prefix. Times count from the first
 * request on; lines out of order are sorted.
 * @param speed how many times faster than recorded: 2 halves all gaps
 * @throws UserError naming file and line
 */
export async function readTrace(path: string, { speed }: { speed: number }): Promise<Trace> {
  checkPositive("the speed of the trace", speed);
  return traceIn({ text: await readPlain(path, { largestMib: LARGEST_DATA_MIB }), path }, speed);
}

/** The same of a file that was read. */
export function traceIn(file: DatasetText, speed: number): Trace {
  const timed = jsonLinesIn(file, TraceLine).map((line) => ({ line, atMs: millisecondsOf(line) }));
  timed.sort((a, b) => a.atMs - b.atMs);
  const first = timed[0]!.atMs;
  const timesMs = Float64Array.from(timed, ({ atMs }) => (atMs - first) / speed);
  const prefixIds = new Map<string, number>();
  const requests = timed.map(({ line }) => requestOf(line, prefixIds));
  return { arrivals: { kind: "trace", timesMs }, prompts: { kind: "trace", requests } };
}

/** Mooncake's `timestamp` is in ms. */
function millisecondsOf({ timestamp, timestamp_ms, timestamp_s }: TraceLine): number {
  return timestamp_s === undefined ? (timestamp_ms ?? timestamp)! : timestamp_s * 1000;
}

/** @param numbers of the prefixes met so far, by their id */
function requestOf(line: TraceLine, numbers: Map<string, number>): TraceRequest {
  const { input_length: inputTokens, output_length: outputTokens, hash_ids: hashIds, shared_prefix } = line;
  if (shared_prefix === undefined) return { inputTokens, outputTokens, hashIds, sharedPrefix: null };
  const name = JSON.stringify(shared_prefix.id);
  const id = numbers.get(name) ?? numbers.size;
  numbers.set(name, id);
  return { inputTokens, outputTokens, hashIds, sharedPrefix: { id, tokens: shared_prefix.tokens } };
}
