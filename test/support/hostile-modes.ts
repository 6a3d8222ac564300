import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { withLength } from "./hostile-server.ts";
import { eventsOf } from "./raw-http.ts";

/** A way to answer that no client may believe, wait for or keep. */
export interface HostileMode {
  name: string;
  answer(socket: Socket, tokens: number): void;
  /** What each request comes to; null: a good answer all the same. */
  error: RegExp | null;
  /** Seconds; absent: as long as a busy machine may need to read up to a limit. */
  timeout?: string;
  /** The only path that is answered so; absent: that of the benchmark. */
  path?: string;
}

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
const MEBIBYTE = 1024 * 1024;
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

/** The same without end, as fast as it is taken. */
const endless = (head: string, more: string) => {
  const piece = Buffer.from(more.repeat(Math.ceil(65_536 / more.length)));
  return (socket: Socket) => {
    const send = () => {
      while (socket.writable && socket.write(piece));
    };
    socket.on("drain", send).write(head);
    send();
  };
};
const once =
  (text: string | Buffer, end: "stay" | "close" = "stay") =>
  (socket: Socket) =>
    void (end === "close" ? socket.end(text) : socket.write(text));

function drip(socket: Socket, tokens: number): void {
  const text = `${CHUNKED}${chunk(eventsOf(tokens))}${chunk("")}`;
  let at = 0;
  const timer = setInterval(() => void socket.write(text[at++] ?? "x"), 1000);
  socket.on("close", () => clearInterval(timer));
}

function reset(socket: Socket): void {
  socket.write(`${CHUNKED}${chunk(eventsOf(2).slice(0, 90))}`);
  setTimeout(() => socket.resetAndDestroy(), 50);
}

const withGood = (make: (events: string) => string) => (socket: Socket, tokens: number) =>
  void socket.write(make(eventsOf(tokens)));

const HEADER = /^too_large: the server sent an endless header$/;
const SIZE = /^too_large: the server sent an endless chunk size$/;
const EVENT = /^too_large: an event is longer than 1 MiB; it begins: x{200}…$/;
const ANSWER = /^too_large: the answer is larger than 16 MiB; it begins: /;
const NO_HTTP = /^cut_off: the server does not speak HTTP\/1\.1: /;

export const HOSTILE_MODES: HostileMode[] = [
  { name: "never answers", answer: () => {}, error: /^timeout: /, timeout: "1" },
  { name: "a byte a second", answer: drip, error: /^timeout: /, timeout: "1" },
  { name: "an endless header", answer: endless(HEAD, "x: y\r\n"), error: HEADER },
  { name: "an endless line of a header", answer: endless(HEAD, "y"), error: HEADER },
  {
    name: "interim answers without end",
    answer: endless("", "HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n"),
    error: HEADER,
  },
  { name: "trailers without end", answer: endless(`${CHUNKED}0\r\n`, "x: y\r\n"), error: HEADER },
  { name: "an endless chunk size", answer: endless(CHUNKED, "0"), error: SIZE },
  { name: "an endless chunk extension", answer: endless(`${CHUNKED}5;x=`, "y"), error: SIZE },
  { name: "an endless chunk", answer: endless(`${CHUNKED}fffffffff\r\ndata: `, "x"), error: EVENT },
  { name: "an endless line of a stream", answer: endless(`${CHUNKED}`, chunk("x".repeat(1000))), error: EVENT },
  { name: "one huge event", answer: once(`${CHUNKED}${chunk(`data: ${"x".repeat(2 * MEBIBYTE)}\n\n`)}`), error: EVENT },
  { name: "an endless body", answer: endless(`${HEAD}\r\n`, ": ping\n\n"), error: ANSWER },
  { name: "events without a token", answer: endless(CHUNKED, chunk('data: {"choices":[]}\n\n')), error: ANSWER },
  {
    name: "tokens without end",
    answer: endless(CHUNKED, chunk('data: {"choices":[{"text":"x"}]}\n\n')),
    error: /^too_large: more than 1040 token events; it begins: data: /,
  },
  {
    name: "an endless error page",
    answer: endless("HTTP/1.1 500 No\r\n\r\n", "x"),
    error: /^too_large: HTTP 500 with more/,
  },
  { name: "a megabyte of error text", answer: once(withLength(500, "x".repeat(1e6))), error: /^http_500: x{500}…$/ },
  {
    name: "a redirect to itself",
    answer: once("HTTP/1.1 302 Found\r\nlocation: /v1/completions\r\ncontent-length: 0\r\n\r\n"),
    error: /^http_302: /,
  },
  {
    name: "more than its length",
    answer: withGood((events) => `${HEAD}content-length: 20\r\n\r\n${events}`),
    error: /^no_event_stream: .* data: /,
  },
  {
    name: "less than its length",
    answer: (socket, tokens) => void socket.end(`${HEAD}content-length: 999999\r\n\r\n${eventsOf(tokens)}`),
    error: /^cut_off: /,
  },
  {
    name: "a negative length",
    answer: once(`${HEAD}content-length: -5\r\n\r\n`),
    error: /^cut_off: .*length of "-5"$/,
  },
  {
    name: "an impossible length",
    answer: once(`${HEAD}content-length: ${"9".repeat(40)}\r\n\r\n`),
    error: /^cut_off: .*length/,
  },
  {
    name: "garbage before the status line",
    answer: once("\u0000\u0001garbage\r\n\r\nHTTP/1.1 200 OK\r\n"),
    error: NO_HTTP,
  },
  { name: "HTTP/0.9", answer: once("data: hello\n\n"), error: NO_HTTP },
  { name: "a close before the head", answer: (socket) => void socket.destroy(), error: /^cut_off: / },
  { name: "a reset in the middle", answer: reset, error: /^cut_off: / },
  {
    name: "compressed bytes that it does not name",
    answer: (socket, tokens) => {
      const bytes = gzipSync(eventsOf(tokens));
      socket.write(`${HEAD}content-length: ${bytes.length}\r\n\r\n`);
      socket.write(bytes);
    },
    error: /^no_event_stream: the answer is gzip/,
  },
  {
    name: "a web page",
    answer: once(withLength(200, "<!doctype html>", "text/html")),
    error: /^no_event_stream: .*HTML/,
  },
  { name: "NUL bytes", answer: once(withLength(200, "\u0000".repeat(5000))), error: /^no_event_stream: .*binary/ },
  {
    name: "both a length and chunks",
    answer: withGood(
      (events) => `${HEAD}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n${chunk(events)}${chunk("")}`,
    ),
    error: null,
  },
  {
    name: "a second answer behind the first",
    answer: withGood((events) => withLength(200, events).repeat(2)),
    error: null,
  },
  {
    name: "a huge page of metrics",
    path: "/metrics",
    answer: endless("HTTP/1.1 200 OK\r\n\r\n", "# x\n"),
    error: null,
  },
];
