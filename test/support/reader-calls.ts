import { classifyFailure } from "../../src/engine/failure/classify.ts";
import { excerpt, readableLog } from "../../src/engine/failure/excerpt.ts";
import { HttpResponse } from "../../src/load/http/http-response.ts";
import { Completion } from "../../src/load/thread/answer/completion.ts";
import { ToolLines } from "../../src/machine/gpu/tool-lines.ts";
import { EngineReader } from "../../src/telemetry/engine/reading.ts";
import { ArraySplitter } from "../../src/workload/datasets/json-array.ts";
import { conversations } from "../../src/workload/datasets/share-gpt.ts";

/*
 * Readers as they are called: with all of a text, or with what comes of it.
 */

/** As a socket hands it over: in reads of this size. */
function inPieces(bytes: Buffer, size: number, read: (piece: Buffer) => void): void {
  for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
}

export function readHttp(bytes: Buffer, size: number): void {
  const response = new HttpResponse({ onHead() {}, onBody() {}, onEnd() {} });
  // One buffer, far larger than a read, as that of a thread is.
  const buffer = Buffer.alloc(16_384, "x");
  for (let at = 0; at < bytes.length; at += size) {
    const length = Math.min(size, bytes.length - at);
    // By hand: of one byte a call to copy it would take longer than to read it.
    for (let i = 0; i < length; i++) buffer[i] = bytes[at + i]!;
    response.read(buffer, 0, length);
  }
}

export function readStream(bytes: Buffer, size: number): void {
  const completion = new Completion(8);
  inPieces(bytes, size, (piece) => completion.read(piece, 0, piece.length, 0));
  completion.problem(8, { contentType: undefined, contentEncoding: undefined });
}

export function readLog(text: string): void {
  const log = readableLog(text);
  const { offset } = classifyFailure(log, { phase: "start", killed: false });
  excerpt(log, 50, offset);
}

export function readToolLines(bytes: Buffer): void {
  const lines = new ToolLines(() => {});
  inPieces(bytes, 100, (piece) => lines.push(piece));
  lines.end();
}

export function readMetrics(bytes: Buffer): void {
  const reader = new EngineReader();
  inPieces(bytes, 65_536, (piece) => reader.push(piece));
  reader.end();
}

export const text = (read: (text: string) => unknown) => (bytes: Buffer) => read(bytes.toString());
export const lineByLine = (read: (line: string) => unknown) => text((all) => all.split("\n").map(read));
export const file = (read: (file: { text: string; name: string; path: string }) => unknown) =>
  text((all) => read({ text: all, name: "x.json", path: "x.json" }));

export function readConversations(bytes: Buffer): void {
  const splitter = new ArraySplitter("x.json");
  const { take } = conversations();
  inPieces(bytes, 1000, (piece) => {
    for (const { value } of splitter.push(piece)) take(value);
  });
  splitter.finish();
}
