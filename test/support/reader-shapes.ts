/*
 * Texts that are hard for a reader: each of about so many characters, the first of each kind in one line.
 */

export const repeated = (unit: string) => (length: number) => unit.repeat(Math.ceil(length / unit.length));
export const around =
  (head: string, unit: string, tail = "") =>
  (length: number) =>
    head + unit.repeat(Math.ceil(length / unit.length)) + tail;

export const NVIDIA = ["index", "uuid", "power.draw", "clocks.sm", "temperature.gpu", "memory.used"];
const EVENT = 'data: {"choices":[{"index":0,"text":"x","finish_reason":null}]}\n\n';
export const STREAM = {
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
export const HEAD = {
  "one field": around("HTTP/1.1 200 OK\r\nx: ", "y", "\r\n\r\n"),
  "fields of one character": around("HTTP/1.1 200 OK\r\n", "x:y\r\n", "\r\n"),
  "empty fields": around("HTTP/1.1 200 OK\r\n", ":\n", "\r\n"),
  "spaces in a list": around("HTTP/1.1 200 OK\r\nconnection: a", " ", "b\r\n\r\n"),
  "interim answers": repeated("HTTP/1.1 100 Go on\r\n\r\n"),
  trailers: around("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", "x: y\r\n", "\r\n"),
  "chunks of a byte": around("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "1;x\r\ny\r\n", "0\r\n\r\n"),
};
export const LOG = {
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
export const METRICS = {
  "one label": around('vllm:num_requests_running{a="', "x", '"} 1\n'),
  "a name of a label": around("vllm:num_requests_running{", "A", "} 1\n"),
  labels: around("vllm:num_requests_running{", 'a="b",', "} 1\n"),
  "a number": around("vllm:num_requests_running ", "0", "x\n"),
  escapes: around('vllm:num_requests_running{a="', "\\\\", '"} 1\n'),
  spaces: around("vllm:num_requests_running", " ", "x\n"),
  samples: repeated('vllm:num_requests_running{a="b"} 1\n'),
};
export const CSV = {
  cells: repeated("0, "),
  rows: repeated("0, GPU-a, 1, 2, 3, 4\n"),
  digits: around("0, GPU-a, ", "1"),
  spaces: repeated(" "),
};
export const JSONS = {
  "a text": around('{"a":"', "x", '"}'),
  "open brackets": around('{"gpu_data":', "["),
  gpus: around("[", '{"gpu":0},', '{"gpu":1}]'),
  "quotes without end": repeated('"\\'),
  digits: around('{"card0":{"sclk clock speed:":"', "1", '"}}'),
  lines: repeated('{"a":1}\n'),
  "numbers that are none": around('{"a":[', "NaN,", "0]}"),
  spaces: repeated(" \n"),
};
export const JUNIT = {
  "a text": around("<testsuite>", "x", "</testsuite>"),
  "open elements": around("<testsuite>", "<a>"),
  "line ends": around("<testsuite>", "\r\n", "</testsuite>"),
  tests: around("<testsuite>", '<testcase name="a"/>', "</testsuite>"),
  failures: around("<testsuite><testcase>", '<failure message="a"/>', "</testcase></testsuite>"),
  entities: around("<testsuite>", "&amp;", "</testsuite>"),
  "entities of its own": around("<!DOCTYPE a [", '<!ENTITY x "y">', "]><testsuite/>"),
  sections: around("<testsuite>", "<![CDATA[x]]>", "</testsuite>"),
  "one attribute": around('<testsuite name="', "x", '"/>'),
  "less-than signs": repeated("<"),
};

const counted = (unit: (number: number) => string) => (length: number) =>
  Array.from({ length: Math.ceil(length / unit(length).length) }, (_, number) => unit(number)).join("\n");
export const SWEEP = {
  "one name": around("SERVE--", "-BENCH--", "/run=0.json"),
  "a name of workloads": around("SERVE--a-WL--", "-WL--", "/run=0.json"),
  "settings that all differ": counted((number) => `SERVE--a=${number}-BENCH--x=${number}/run=0.json`),
  "runs that all differ": counted((number) => `SERVE--a=${number}/run=${number}.json`),
  folders: around("SERVE--a", "/b=1", "/run=0.json"),
};

/** Datasets, one object a line or in one list. */
const LINE = '{"timestamp":1,"input_length":9,"output_length":1,"shared_prefix":{"id":1,"tokens":1}}\n';
export const TRACE = {
  ...JSONS,
  lines: repeated(LINE),
  "hashes that are none": around('{"timestamp":1,"input_length":9,"output_length":1,"hash_ids":[', '"x",', "1]}"),
  "prefixes that all differ": counted((number) => LINE.trim().replace('"id":1', `"id":"${number}"`)),
  "times that go back": counted((number) => LINE.trim().replace('"timestamp":1', `"timestamp":${9_999_999 - number}`)),
};
const PROMPT = '{"prompt":"x","output_tokens":1}\n';
export const TEXTS = {
  "a prompt": around('{"prompt":"', "x", '"}'),
  ...JSONS,
  prompts: repeated(PROMPT),
  "tokens of a prompt": around('{"prompt":[', "1,", "2]}"),
  "tokens that are none": around('{"prompt":[', "-1,", "2]}"),
  conversations: around("[", '{"conversations":[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]},', "{}]"),
  "turns of a conversation": around('[{"conversations":[', '{"from":"system","value":"a"},', "{}]}]"),
  "objects that are open": around("[", '{"a":[', "]"),
};
export const GIT = {
  "one line": repeated("x"),
  "one line of beginnings": repeated("error: Load key Couldn't find Permission to x "),
  "lines of advice": repeated("hint: x\n"),
  errors: repeated("fatal: unable to access 'https://a:b@c/': The requested URL returned error: 500\n"),
  "owners that are others": repeated("detected dubious ownership in repository at '/x'\n"),
};
/** Documents: of a run, a cell or a record. */
export const RUNS = {
  ...JSONS,
  cells: around('{"schema":"pitwall.run/1","cells":[', "{},", "{}]}"),
  names: counted((number) => `${number === 0 ? '{"schema":"pitwall.run/1",' : ""}"k${number}":1,`),
  "cells without params": around('{"schema":"pitwall.run/1","cells":[', '{"params":{"a":[]}},\n', "1]}"),
  "numbers that are none": around('{"schema":"pitwall.cell/1","samples":[', '"x",\n', "1]}"),
};
