import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { BodyStart } from "../../../../src/load/thread/answer/body-start.ts";

function startOf(...pieces: (string | Buffer)[]): BodyStart {
  const start = new BodyStart();
  for (const piece of pieces) start.add(Buffer.from(piece as string));
  return start;
}
const of = (contentType?: string, contentEncoding?: string) => ({ contentType, contentEncoding });

test.each([
  ["text", "hello\n\u{7}there", of("text/plain"), "no event stream (content type text/plain): hello\\n\\u0007there"],
  ["no content type", "hello", of(), "no event stream (content type not said): hello"],
  ["HTML", "\n<HTML>x", of("text/html"), "HTML and no event stream (content type text/html): \\n<HTML>x"],
  [
    "JSON lines",
    '{"a":1}\n{"a":2}\n',
    of("application/x-ndjson"),
    'JSON and no event stream (content type application/x-ndjson): {"a":1}\\n{"a":2}\\n',
  ],
  ["binary", "a\u0000b", of(), "binary (content type not said), first bytes 61 00 62"],
  [
    "zipped without a word of it",
    gzipSync("x").subarray(0, 3),
    of("a/b"),
    "gzip (content type a/b), first bytes 1f 8b 08",
  ],
  ["zipped as said", "xyz", of("a/b", " Zstd"), "zstd (content type a/b), first bytes 78 79 7a"],
  ["not zipped as said", "xyz", of("a/b", "identity"), "no event stream (content type a/b): xyz"],
])("%s is named for what it is", (_what, body, kind, said) =>
  expect(startOf(body as string).problem(kind)).toBe(`no_event_stream: the answer is ${said}`),
);

test("of a long body the first 200 characters are shown, whole ones", () => {
  const shown = startOf("🙂".repeat(2000)).problem(of())!.split(": ").at(-1);
  expect(shown).toBe(`${"🙂".repeat(200)}…`);
});

test("what comes in pieces is the same", () =>
  expect(startOf(...Array.from('{"error":"busy"}')).problem(of())).toBe("in_stream_error: busy"));

test("an empty body is nothing to speak of", () => expect(startOf("").problem(of())).toBeUndefined());

test("the body of an error status is its message, unless nobody can read it", () => {
  expect(startOf('{"detail":"no"}').message(of())).toBe("no");
  expect(startOf(gzipSync("no")).message(of("a/b"))).toMatch(/^gzip \(content type a\/b\), first bytes 1f 8b/);
});
