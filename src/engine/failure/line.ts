import { stripVTControlCharacters } from "node:util";

type Severity = "error" | "warning" | "info";

/** One line of a log, without what loggers put before it. */
export interface LogLine {
  /** Where it begins in the log. */
  offset: number;
  /** The process that printed it, as the line says; empty: it does not say. */
  process: string;
  /** Undefined: no logger printed it. */
  severity: Severity | undefined;
  /** From vLLM's logger or uvicorn's: what these say of a process tells that it goes on. */
  own: boolean;
  text: string;
}

/** Longer ones are configurations and tensors; what an error says stands at its beginning. */
const LONGEST_LINE = 2000;
/** Runtimes, containers and processes each put their own before a line. */
const MOST_PREFIXES = 6;

const SEVERITIES: Record<string, Severity> = {
  ...{ d: "info", i: "info", t: "info", n: "info", v: "info", w: "warning", e: "error", c: "error", f: "error" },
};
const severityOf = (word: string) => SEVERITIES[word[0]!.toLowerCase()];

const STAMPS = [
  // SGLang's, before the first line of a message only.
  /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:[A-Z]{2}\d+ ?)+\] /,
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,:]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?\]?(?: - |: |\s|$)/,
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [\w./-]+(?:\[\d+\])?: /,
  /^[\w.-]+-\d+ +\| ?/,
];
/** `(EngineCore_DP0 pid=1)`, `(VllmWorker rank=0 pid=2)`, `(RayWorkerWrapper pid=3, ip=…)`, `[rank0]:`. */
const PROCESSES = [
  /^\(([\w./:-]{1,200},?(?: \w{1,40}=[\w.]{1,80}){0,8}? ?pid=\d{1,10})[^)\n]{0,80}\) ?/,
  /^\[(rank\d+)\]: ?/,
];
const OWN_LEVELS = [
  /^(DEBUG|INFO|WARNING|ERROR|CRITICAL) \d\d-\d\d \d\d:\d\d:\d\d\S* \[?[\w./<>-]+:\d+\] ?/,
  /^(DEBUG|INFO|WARNING|ERROR|CRITICAL) \[[\w./<>-]+\.py(?::\d+)?\] ?/,
  /^(TRACE|DEBUG|INFO|WARNING|ERROR|CRITICAL): {2,9}/,
];
const FOREIGN_SEVERITIES = [
  /^(DEBUG|INFO|WARNING|ERROR|CRITICAL) [\w.]+:\d+ -- /,
  /^(DEBUG|INFO|WARNING|ERROR|CRITICAL|FATAL):[\w.]+:/,
  /^\[?([IWEF])\d{3,4} [\d:.]+ [^\]\n]{0,120}\] ?/,
  /^\[([IWEF]) [\w./-]+:\d+\] ?/,
  /^([IWEF]) \S{1,200}:\d+\] ?/,
  /^\[TensorRT-LLM\] ?\[(TRACE|DEBUG|INFO|WARNING|ERROR)\] ?/,
  /^(?:\[[\d/:-]{19}\] )?\[TRT-LLM\] (?:\[RANK \d+\] ?)?\[([TDVIWEF])\] ?/,
  /^\[(debug|info|warning|warn|error|critical|fatal)\] ?/i,
  /^(DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|CRITICAL)(?: - | \| |:? +)/,
];
const PYTHON_WARNING = /^\S{1,300}:\d+: \w*Warning: |^ *warnings\.warn\(/;
/** Only the warnings among NCCL's lines tell of a failure: they come right before one. */
const NCCL = /\bNCCL (WARN|INFO|TRACE|VERSION)\b/;

/** Linear in the length of the log. */
export function* linesOf(log: string): Generator<LogLine> {
  for (let offset = 0; offset < log.length; ) {
    const end = log.indexOf("\n", offset);
    const next = end === -1 ? log.length : end;
    yield lineOf(stripVTControlCharacters(log.slice(offset, Math.min(next, offset + LONGEST_LINE))), offset);
    offset = next + 1;
  }
}

function lineOf(shown: string, offset: number): LogLine {
  const line: LogLine = { offset, process: "", severity: undefined, own: false, text: shown.trimEnd() };
  for (let count = 0; count < MOST_PREFIXES && (strippedProcess(line) || stripped(line)); count++);
  return line.severity === undefined ? unmarked(line) : line;
}

function strippedProcess(line: LogLine): boolean {
  const found = firstMatch(PROCESSES, line.text);
  if (found === undefined) return false;
  line.process = found[1]!;
  line.text = line.text.slice(found[0].length);
  return true;
}

/** The engine's own severity closes the prefixes: what looks like one behind it is the message. */
function stripped(line: LogLine): boolean {
  if (line.own) return false;
  const own = firstMatch(OWN_LEVELS, line.text);
  const severity = own ?? firstMatch(FOREIGN_SEVERITIES, line.text);
  const found = severity ?? firstMatch(STAMPS, line.text);
  if (found === undefined) return false;
  if (severity !== undefined) line.severity = severityOf(severity[1]!);
  line.own = own !== undefined;
  line.text = line.text.slice(found[0].length);
  return true;
}

function unmarked(line: LogLine): LogLine {
  if (PYTHON_WARNING.test(line.text)) return { ...line, severity: "warning" };
  const nccl = NCCL.exec(line.text);
  if (nccl === null) return line;
  // Apart from the lines of a process that does not name itself, after whose next word it would seem survived.
  return { ...line, process: line.process || "NCCL", severity: nccl[1] === "WARN" ? "error" : "info" };
}

function firstMatch(patterns: RegExp[], text: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found !== null) return found;
  }
  return undefined;
}
