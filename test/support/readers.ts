import { classifyFailure } from "../../src/engine/failure/classify.ts";
import { excerpt, readableLog } from "../../src/engine/failure/excerpt.ts";
import { UserError } from "../../src/errors.ts";
import { logLine } from "../../src/foreign-text/log-line.ts";
import { detectFormat, importFile } from "../../src/formats/import.ts";
import { missingIn, sweepFile } from "../../src/formats/vllm/sweep.ts";
import { HttpResponse } from "../../src/load/http/http-response.ts";
import { Completion } from "../../src/load/thread/answer/completion.ts";
import { parseComputeApps } from "../../src/machine/gpu/compute-apps.ts";
import { ToolLines } from "../../src/machine/gpu/tool-lines.ts";
import { startPhasesOf } from "../../src/result/start-phases.ts";
import { EngineReader } from "../../src/telemetry/engine/reading.ts";
import { amdReadings } from "../../src/telemetry/gpu/amd.ts";
import { nvidiaLine } from "../../src/telemetry/gpu/nvidia.ts";
import { rocmReadings } from "../../src/telemetry/gpu/rocm.ts";
import { xpuTable } from "../../src/telemetry/gpu/xpu.ts";

/** A reader of text from outside, and texts that are hard for one. */
export interface Reader {
  name: string;
  read(bytes: Buffer): unknown;
  /** Bytes of the longest line, or of the longest text where that is what has a limit. */
  longest: number;
  /** What it may throw; absent: nothing. */
  throws?: new (
    ...args: never[]
  ) => Error;
  /** Texts of about so many characters, the first in one line. */
  shapes: Record<string, (length: number) => string>;
}

const KIBIBYTE = 1024;
const repeated = (unit: string) => (length: number) => unit.repeat(Math.ceil(length / unit.length));
const around =
  (head: string, unit: string, tail = "") =>
  (length: number) =>
    head + unit.repeat(Math.ceil(length / unit.length)) + tail;

/** As a socket hands it over: in reads of this size. */
function inPieces(bytes: Buffer, size: number, read: (piece: Buffer) => void): void {
  for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
}

function readHttp(bytes: Buffer, size: number): void {
  const response = new HttpResponse({ onHead() {}, onBody() {}, onEnd() {} });
  // One buffer, far larger than a read, as that of a thread is.
  const buffer = Buffer.alloc(16_384, "x");
  inPieces(bytes, size, (piece) => {
    piece.copy(buffer, 0);
    response.read(buffer, 0, piece.length);
  });
}

function readStream(bytes: Buffer, size: number): void {
  const completion = new Completion(8);
  inPieces(bytes, size, (piece) => completion.read(piece, 0, piece.length, 0));
  completion.problem(8, { contentType: undefined, contentEncoding: undefined });
}

function readLog(text: string): void {
  const log = readableLog(text);
  const { offset } = classifyFailure(log, { phase: "start", killed: false });
  excerpt(log, 50, offset);
}

function readToolLines(bytes: Buffer): void {
  const lines = new ToolLines(() => {});
  inPieces(bytes, 100, (piece) => lines.push(piece));
  lines.end();
}

function readMetrics(bytes: Buffer): void {
  const reader = new EngineReader();
  inPieces(bytes, 65_536, (piece) => reader.push(piece));
  reader.end();
}

const text = (read: (text: string) => unknown) => (bytes: Buffer) => read(bytes.toString());
const lineByLine = (read: (line: string) => unknown) => text((all) => all.split("\n").map(read));
const file = (read: (file: { text: string; name: string; path: string }) => unknown) =>
  text((all) => read({ text: all, name: "x.json", path: "x.json" }));

const NVIDIA = ["index", "uuid", "power.draw", "clocks.sm", "temperature.gpu", "memory.used"];
const EVENT = 'data: {"choices":[{"index":0,"text":"x","finish_reason":null}]}\n\n';
const STREAM = {
  "one line": around("data: ", "x"),
  "lines of one event": repeated("data: x\n"),
  "empty data": repeated("data\n"),
  "line feeds before a return": around("", "\n", "\r"),
  "returns before a line feed": around("", "\r", "\n"),
  comments: repeated(": ping\n\n"),
  tokens: repeated(EVENT),
  "tokens of another form each": repeated(`${EVENT}${EVENT.replace("index", "inde")}`),
  "an error without end": around('data: {"error":{"message":"', "y", '"}}\n\n'),
};
const HEAD = {
  "one field": around("HTTP/1.1 200 OK\r\nx: ", "y", "\r\n\r\n"),
  "fields of one character": around("HTTP/1.1 200 OK\r\n", "x:y\r\n", "\r\n"),
  "empty fields": around("HTTP/1.1 200 OK\r\n", ":\n", "\r\n"),
  "spaces in a list": around("HTTP/1.1 200 OK\r\nconnection: a", " ", "b\r\n\r\n"),
  "interim answers": repeated("HTTP/1.1 100 Go on\r\n\r\n"),
  trailers: around("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", "x: y\r\n", "\r\n"),
  "chunks of a byte": around("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "1;x\r\ny\r\n", "0\r\n\r\n"),
};
const LOG = {
  "one line": repeated("x"),
  "one line of beginnings": repeated("bind() Cannot assign requested address tcp://a:1 "),
  "one line of digits and dots": repeated("1.1"),
  "progress bars": repeated("10%\r"),
  errors: repeated("RuntimeError: CUDA error: bind() rate limit\n"),
  "one error of many lines": around("RuntimeError: x\n", "  more of it /dev/shm\n"),
  tracebacks: repeated('Traceback (most recent call last):\n  File "x.py", line 1, in f\nValueError: no\n'),
  "lines of processes": repeated("(EngineCore pid=1) ERROR 01-01 00:00:00 [x.py:1] it failed\n"),
  prefixes: repeated("(a pid=1) "),
  leaks: repeated("nanobind: leaked 1 instances!\n - leaked\n"),
};
const METRICS = {
  "one label": around('vllm:num_requests_running{a="', "x", '"} 1\n'),
  "a name of a label": around("vllm:num_requests_running{", "A", "} 1\n"),
  labels: around("vllm:num_requests_running{", 'a="b",', "} 1\n"),
  "a number": around("vllm:num_requests_running ", "0", "x\n"),
  escapes: around('vllm:num_requests_running{a="', "\\\\", '"} 1\n'),
  spaces: around("vllm:num_requests_running", " ", "x\n"),
  samples: repeated('vllm:num_requests_running{a="b"} 1\n'),
};
const CSV = {
  cells: repeated("0, "),
  rows: repeated("0, GPU-a, 1, 2, 3, 4\n"),
  digits: around("0, GPU-a, ", "1"),
  spaces: repeated(" "),
};
const JSONS = {
  "a text": around('{"a":"', "x", '"}'),
  "open brackets": around('{"gpu_data":', "["),
  gpus: around("[", '{"gpu":0},', '{"gpu":1}]'),
  "quotes without end": repeated('"\\'),
  digits: around('{"card0":{"sclk clock speed:":"', "1", '"}}'),
  lines: repeated('{"a":1}\n'),
  "numbers that are none": around('{"a":[', "NaN,", "0]}"),
  spaces: repeated(" \n"),
};

const counted = (unit: (number: number) => string) => (length: number) =>
  Array.from({ length: Math.ceil(length / unit(length).length) }, (_, number) => unit(number)).join("\n");
const SWEEP = {
  "one name": around("SERVE--", "-BENCH--", "/run=0.json"),
  "a name of workloads": around("SERVE--a-WL--", "-WL--", "/run=0.json"),
  "settings that all differ": counted((number) => `SERVE--a=${number}-BENCH--x=${number}/run=0.json`),
  "runs that all differ": counted((number) => `SERVE--a=${number}/run=${number}.json`),
  folders: around("SERVE--a", "/b=1", "/run=0.json"),
};

/** Every reader of text that others write, apart from those of files that hold no more than a line at once. */
export const READERS: Reader[] = [
  { name: "the log of a start", longest: 4096 * KIBIBYTE, read: text(readLog), shapes: LOG },
  { name: "phases of a start", longest: 4096 * KIBIBYTE, read: text(startPhasesOf), shapes: LOG },
  {
    name: "a log that is followed",
    longest: 1024 * KIBIBYTE,
    read: lineByLine((line) => logLine(line, "log")),
    shapes: LOG,
  },
  { name: "a page of metrics", longest: 16_384 * KIBIBYTE, read: readMetrics, shapes: METRICS },
  {
    name: "an answer's head",
    longest: 64 * KIBIBYTE - 100,
    read: (bytes) => readHttp(bytes, 16_384),
    throws: Error,
    shapes: HEAD,
  },
  {
    name: "an answer's head, byte by byte",
    longest: 64 * KIBIBYTE - 100,
    read: (bytes) => readHttp(bytes, 1),
    throws: Error,
    shapes: HEAD,
  },
  { name: "a stream", longest: 1024 * KIBIBYTE - 100, read: (bytes) => readStream(bytes, 65_536), shapes: STREAM },
  {
    name: "a stream in small pieces",
    longest: 1024 * KIBIBYTE - 100,
    read: (bytes) => readStream(bytes, 100),
    shapes: STREAM,
  },
  {
    name: "lines of a GPU's tool",
    longest: 64 * KIBIBYTE,
    read: readToolLines,
    shapes: { ...CSV, returns: repeated("\r"), "one line": repeated("x") },
  },
  { name: "nvidia-smi", longest: 64 * KIBIBYTE, read: lineByLine((line) => nvidiaLine(NVIDIA, line)), shapes: CSV },
  { name: "nvidia-smi's processes", longest: 64 * KIBIBYTE, read: text(parseComputeApps), shapes: CSV },
  { name: "xpu-smi", longest: 64 * KIBIBYTE, read: lineByLine(xpuTable()), shapes: CSV },
  { name: "amd-smi", longest: 1024 * KIBIBYTE, read: text(amdReadings), shapes: JSONS },
  { name: "rocm-smi", longest: 1024 * KIBIBYTE, read: text(rocmReadings), shapes: JSONS },
  {
    name: "the format of a file",
    longest: 1024 * KIBIBYTE,
    read: file(detectFormat),
    throws: UserError,
    shapes: JSONS,
  },
  {
    name: "a result of vLLM",
    longest: 1024 * KIBIBYTE,
    read: file((one) => importFile(one, "vllm", {})),
    throws: UserError,
    shapes: JSONS,
  },
  {
    name: "PyTorch's records",
    longest: 1024 * KIBIBYTE,
    read: file((one) => importFile(one, "pytorch", {})),
    throws: UserError,
    shapes: JSONS,
  },
  {
    name: "a data.js",
    longest: 1024 * KIBIBYTE,
    read: file((one) => importFile(one, "github-action-benchmark", {})),
    throws: UserError,
    shapes: { ...JSONS, "spaces before it": around("", " ", "window.BENCHMARK_DATA = {}") },
  },
  {
    name: "names in a sweep's folder",
    longest: 4 * KIBIBYTE,
    read: text((all) => missingIn(all.split("\n").map(sweepFile))),
    shapes: SWEEP,
  },
];
