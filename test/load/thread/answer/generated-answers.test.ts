import fc from "fast-check";
import { expect, test } from "vitest";
import { HttpResponse } from "../../../../src/load/http/http-response.ts";
import { Completion } from "../../../../src/load/thread/answer/completion.ts";
import { type Generated, generated } from "./generated-answer.ts";

const CASES = Number(process.env.FUZZ_CASES ?? 2000);
const LIMIT_MS = 3_600_000;
const KIND = { contentType: "text/event-stream", contentEncoding: undefined };

/** Where a text is cut: shares of its length. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 12 });

function pieces(bytes: Buffer, shares: readonly number[]): Buffer[] {
  const at = [0, ...shares.map((share) => Math.floor(share * bytes.length)), bytes.length].toSorted((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

/** The body in HTTP chunks. @returns where each byte of it came to lie, too */
function chunked(body: Buffer, shares: readonly number[]) {
  const parts: Buffer[] = [Buffer.from("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")];
  const placeOf = new Uint32Array(body.length);
  let [from, length] = [0, parts[0]!.length];
  const add = (bytes: Buffer) => {
    parts.push(bytes);
    length += bytes.length;
  };
  for (const chunk of pieces(body, shares)) {
    if (chunk.length === 0) continue;
    add(Buffer.from(`${chunk.length.toString(16)}\r\n`));
    for (let i = 0; i < chunk.length; i++) placeOf[from + i] = length + i;
    from += chunk.length;
    add(chunk);
    add(Buffer.from("\r\n"));
  }
  add(Buffer.from("0\r\n\r\n"));
  return { bytes: Buffer.concat(parts), placeOf };
}

/** Reads as from a socket: into one buffer, which the next read overwrites. The number of a read is its time. */
function readInPieces(all: readonly Buffer[], completion: Completion): void {
  let readAt = 0;
  const response = new HttpResponse({
    onHead: () => {},
    onBody: (bytes, start, end) => completion.read(bytes, start, end, readAt),
    onEnd: () => {},
  });
  const buffer = Buffer.alloc(Math.max(...all.map(({ length }) => length)) + 8);
  for (const piece of all) {
    readAt += 1;
    buffer.fill(0x0a);
    buffer.set(piece, 3);
    response.read(buffer, 3, 3 + piece.length);
  }
}

function truthOf({ completeAt, ...truth }: Generated, placeOf: Uint32Array, reads: readonly Buffer[]) {
  const ends: number[] = [];
  for (const { length } of reads) ends.push((ends.at(-1) ?? 0) + length);
  const timeOf = (place: number) => ends.findIndex((end) => place < end) + 1;
  const { tokens, inputTokens, outputTokens, finishReason } = truth;
  const times = completeAt.map((at) => timeOf(placeOf[at]!));
  return { times, reads: new Set(times).size, tokens, inputTokens, outputTokens, finishReason, problem: null };
}

function seen(completion: Completion, asked: number) {
  const problem = completion.problem(asked, KIND);
  const { log, inputTokens, outputTokens, finishReason } = completion;
  const tokens = log.tokens === undefined ? undefined : [...log.tokens];
  return { times: [...log.times], reads: log.reads, tokens, inputTokens, outputTokens, finishReason, problem };
}

test(
  `${CASES} generated answers, cut anywhere, are read with exactly their times and counts`,
  () => {
    fc.assert(
      fc.property(generated, cuts, cuts, (answer, chunkCuts, readCuts) => {
        const { bytes, placeOf } = chunked(answer.wire.bytes, chunkCuts);
        const reads = pieces(bytes, readCuts);
        const completion = new Completion(answer.outputTokens);
        readInPieces(reads, completion);
        expect(seen(completion, answer.outputTokens)).toEqual(truthOf(answer, placeOf, reads));
      }),
      { numRuns: CASES },
    );
  },
  LIMIT_MS,
);

const anything = fc.oneof(
  fc.constantFrom(null, 0, -1, 1.5, 2, 3, 1e300, "", "x", [], ["x"], {}, { content: "x" }),
  fc.jsonValue({ maxDepth: 1 }),
);

/** A damaged answer, or one that nobody meant. */
const damaged = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.tuple(generated, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 })).map(([{ wire }, changes]) => {
    const bytes = Buffer.from(wire.bytes);
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
    return bytes;
  }),
  fc
    .array(fc.json({ maxDepth: 1 }), { maxLength: 6 })
    .map((all) => Buffer.from(all.map((json) => `data: ${json}\n\n`).join(""))),
  fc
    .array(
      fc.record(
        {
          choices: fc.array(
            fc.record({ delta: anything, text: anything, finish_reason: anything }, { requiredKeys: [] }),
          ),
          usage: fc.record({ completion_tokens: anything, prompt_tokens: anything }, { requiredKeys: [] }),
          error: anything,
        },
        { requiredKeys: [] },
      ),
      { maxLength: 8 },
    )
    .map((all) => Buffer.from(all.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(""))),
);

test(
  `${CASES} damaged answers end with a problem or as a whole answer, and nothing is thrown`,
  () => {
    fc.assert(
      fc.property(damaged, cuts, (bytes, readCuts) => {
        const completion = new Completion(3);
        for (const [index, piece] of pieces(bytes, readCuts).entries())
          completion.read(Buffer.from(piece), 0, piece.length, index);
        const { times, tokens = [], outputTokens, problem } = seen(completion, 3);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(tokens.every((count) => count <= 2 ** 31)).toBe(true);
        if (problem === null) expect([outputTokens, times.length > 0, times.length <= 3]).toEqual([3, true, true]);
        else expect(problem).toMatch(/^(no_event_stream|in_stream_error|cut_off|wrong_length|wrong_events): ./s);
      }),
      { numRuns: CASES },
    );
  },
  LIMIT_MS,
);
