import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventStream } from "../../src/load/http/event-stream.ts";
import { HttpResponse } from "../../src/load/http/http-response.ts";
import { ToolLines } from "../../src/machine/gpu/tool-lines.ts";
import { READERS, type Reader } from "../support/readers.ts";

/** Texts for each reader; `npm run fuzz` takes a million in all. */
const CASES = process.env.FUZZ_CASES === undefined ? 200 : Math.ceil(Number(process.env.FUZZ_CASES) / 2);
const LIMIT_MS = 3_600_000;

/** Bits of what it reads in any order, between anything else. */
function textFor({ shapes }: Reader): fc.Arbitrary<Buffer> {
  const shape = fc.constantFrom(...Object.values(shapes));
  const hard = fc.tuple(shape, fc.nat(60), fc.nat(90)).map(([make, length, end]) => make(length).slice(0, end));
  const bit = fc.oneof(
    hard,
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom("\n", "\r\n", "{", "}", '"', ","),
  );
  const text = fc.array(bit, { maxLength: 30 }).map((bits) => Buffer.from(bits.join("")));
  return fc.oneof(
    { weight: 9, arbitrary: text },
    { weight: 1, arbitrary: fc.uint8Array().map((bytes) => Buffer.from(bytes)) },
  );
}

describe("whatever it is given, a reader throws nothing but its own error", () => {
  test.each(READERS)(
    `${CASES} texts: $name`,
    (reader) => {
      const { read, throws } = reader;
      fc.assert(
        fc.property(textFor(reader), (bytes) => {
          try {
            read(bytes);
          } catch (error) {
            if (throws === undefined || !(error instanceof throws) || error instanceof TypeError) throw error;
          }
        }),
        { numRuns: CASES },
      );
    },
    LIMIT_MS,
  );
});

const MEBIBYTE = 1024 * 1024;
const ENDLESS = 64;
const listener = { takeKnown: (_bytes: Buffer, start: number) => start, onEvent() {}, onErrorLine() {} };

describe("of 64 MiB without a line end no reader keeps more than a few", () => {
  test.each([
    ["a stream", () => new EventStream(listener), "data: "],
    ["an answer", () => httpReader(), "HTTP/1.1 200 OK\r\n\r\n"],
    ["a GPU's tool", () => new ToolLines(() => {}), ""],
  ])("%s", (_what, make, head) => {
    const piece = Buffer.alloc(MEBIBYTE, "x");
    const reader = make();
    reader.push(Buffer.from(head));
    const before = kept();
    for (let i = 0; i < ENDLESS; i++) reader.push(piece);
    expect((kept() - before) / MEBIBYTE).toBeLessThan(16);
  });
});

function httpReader() {
  const response = new HttpResponse({ onHead() {}, onBody() {}, onEnd() {} });
  return { push: (bytes: Buffer) => response.read(bytes, 0, bytes.length) };
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Without what only waits to be collected, which depends on how much memory there is. */
function kept(): number {
  collectGarbage();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}
