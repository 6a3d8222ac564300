import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HttpResponse } from "../../../src/load/http/http-response.ts";

/** What a listener heard of an answer whose bytes came in these pieces; `null`: it had not ended. */
function heard(pieces: readonly Uint8Array[], closed = false) {
  const said = { status: 0, body: "", ends: 0 };
  const response = new HttpResponse({
    onHead: (status) => {
      said.status = status;
    },
    onBody: (bytes, start, end) => {
      said.body += bytes.toString("latin1", start, end);
    },
    onEnd: () => {
      said.ends += 1;
    },
  });
  // As from a socket: all pieces in one buffer that is overwritten by the next.
  const buffer = Buffer.alloc(1 << 16);
  for (const piece of pieces) {
    buffer.fill(0xff);
    buffer.set(piece, 3);
    response.read(buffer, 3, 3 + piece.length);
  }
  if (closed) response.close();
  return { ...said, done: response.done, isKept: response.keepAlive !== null };
}

const bytes = (text: string) => Buffer.from(text, "latin1");
const HELLO = { status: 200, body: "hello world", ends: 1, done: true };

const ANSWERS = {
  "in chunks": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
  "in chunks with extensions, upper-case sizes and trailers":
    "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\nB;name=1f\r\nhello world\r\n000\r\nX-Sum: 1\r\n\r\n",
  "by length": "HTTP/1.1 200 OK\r\nContent-Length:  11 \r\n\r\nhello world",
  "after an interim answer":
    "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello world",
  "with bare line feeds": "HTTP/1.1 200 OK\ncontent-length: 11\n\nhello world",
};

describe.each(Object.entries(ANSWERS))("an answer %s", (_, text) => {
  test("is read, and leaves the connection to be used again", () =>
    expect(heard([bytes(text)])).toEqual({ ...HELLO, isKept: true }));

  test("is the same wherever it is cut in two", () => {
    for (let at = 0; at <= text.length; at++) {
      expect(heard([bytes(text.slice(0, at)), bytes(text.slice(at))])).toMatchObject(HELLO);
    }
  });

  test("is the same byte by byte", () =>
    expect(heard([...bytes(text)].map((byte) => Uint8Array.of(byte)))).toMatchObject(HELLO));

  test("is not done before its last byte", () =>
    expect(heard([bytes(text.slice(0, -1))], true)).toMatchObject({ ends: 0 }));
});

test("chunks of any sizes, cut anywhere, are the bytes that were sent", () => {
  const chunk = fc.uint8Array({ minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 8 }), fc.array(fc.nat()), (chunks, places) => {
      const framed = chunks.map((data) =>
        Buffer.concat([bytes(`${data.length.toString(16)}\r\n`), data, bytes("\r\n")]),
      );
      const all = Buffer.concat([
        bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"),
        ...framed,
        bytes("0\r\n\r\n"),
      ]);
      const at = [0, ...places.map((place) => place % (all.length + 1)), all.length].toSorted((a, b) => a - b);
      const pieces = at.slice(1).map((stop, i) => all.subarray(at[i], stop));
      expect(heard(pieces)).toMatchObject({ body: Buffer.concat(chunks).toString("latin1"), ends: 1, done: true });
    }),
  );
});

test("an answer without a length ends with the connection, which carries nothing more", () => {
  const text = "HTTP/1.1 200 OK\r\n\r\nhello world";
  expect(heard([bytes(text)])).toMatchObject({ ends: 0, done: false });
  expect(heard([bytes(text)], true)).toEqual({ ...HELLO, isKept: false });
});

test.each([
  ["HTTP/1.1 204 No Content\r\n\r\n", 204, true],
  ["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 200, true],
  ["HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: close\r\n\r\n", 200, false],
  ["HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n", 200, false],
  ["HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: Keep-Alive\r\n\r\n", 200, true],
])("%j has no body", (text, status, isKept) =>
  expect(heard([bytes(text)])).toEqual({ status, body: "", ends: 1, done: true, isKept }),
);

test.each([
  ["SSH-2.0-OpenSSH_9.2\r\n\r\n", /does not speak HTTP\/1.1: "SSH-2.0-OpenSSH_9.2"/],
  ["HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n", /content-length of "many"/],
  ["HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nabc", /more than one answer/],
  ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n", /longer than it said/],
  [`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${"f".repeat(20)}\r\n`, /impossible chunk size/],
  ["HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n", /content-length of "9{20}"/],
  ["HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", /content-length of "-1"/],
  [`HTTP/1.1 200 OK\r\nx: ${"y".repeat(30_000)}`.repeat(3), /endless header/],
  [`HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(11_000)}`, /endless header/],
  ["HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n".repeat(2000), /endless header/],
  [`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n${"x: y\r\n".repeat(11_000)}`, /endless header/],
  [`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${"0".repeat(70_000)}`, /endless chunk size/],
  [`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;${"x".repeat(70_000)}`, /endless chunk size/],
])("%.40j is refused", (text, message) => {
  expect(() => heard([bytes(text.slice(0, 40_000)), bytes(text.slice(40_000))])).toThrow(message);
});

test.each([
  [
    "both",
    "Content-Type: text/event-stream; charset=utf-8\r\ncontent-encoding: gzip",
    ["text/event-stream; charset=utf-8", "gzip"],
  ],
  ["none", "x: y", [undefined, undefined]],
])("the head tells what the body is: %s", (_what, headers, told) => {
  const heads: unknown[][] = [];
  const listener = { onHead: (_status: number, ...rest: unknown[]) => void heads.push(rest), onBody() {}, onEnd() {} };
  const answer = Buffer.from(`HTTP/1.1 200 OK\r\n${headers}\r\ncontent-length: 0\r\n\r\n`);
  new HttpResponse(listener).read(answer, 0, answer.length);
  expect(heads).toEqual([told]);
});
