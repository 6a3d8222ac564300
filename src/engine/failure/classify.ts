import { type Chain, type LoggedError, type Rank, readErrors } from "./errors.ts";
import { brief, type Diagnosis, type Phase, type Sign } from "./sign.ts";
import { SIGNS } from "./signs/all.ts";

/** How an engine ended, as far as its process tells. */
export interface Circumstances {
  phase: Phase;
  /** By SIGKILL, or with the exit code 137 that a shell or Docker makes of it; undefined when nobody could see it. */
  killed?: boolean | undefined;
}

export interface Finding {
  /** What the log says is the matter; without one nothing in it is known. */
  diagnosis: Diagnosis | undefined;
  /** The line of the log that the diagnosis rests on, without what loggers put before it. */
  line: string | undefined;
  /** Where in the log that line stands; undefined: at its end, if anywhere. */
  offset: number | undefined;
}

const KILLED: Diagnosis = {
  reason: "engine_crashed",
  cause: "it was killed (SIGKILL, exit code 137), as the kernel does when main memory runs out",
  fix: "look into dmesg, and take a machine or a container limit with more memory",
};
const WITHOUT_A_WORD: Diagnosis = {
  reason: "engine_crashed",
  cause: "its log ends without an error, so it was killed, perhaps by the kernel because main memory ran out",
  fix: "look into dmesg, and at what else runs on this machine",
};

/** Uvicorn's; what was printed before it did not keep the engine from coming up. */
const UP = "Application startup complete";

/** Modules of SGLang, llama.cpp and TensorRT-LLM. */
const FOREIGN = /sglang[./]srt|ggml[-_]|llama_model_load|tensorrt_llm|\[TensorRT-LLM\]/;

interface Told {
  phase: Phase;
  /** Where in the whole log the part begins that was read. */
  start: number;
  foreign: boolean;
  hints: LoggedError[];
}

/** An error, with the sign that knows it. */
interface Explained {
  error: LoggedError;
  sign: Sign | undefined;
  found: RegExpExecArray | undefined;
}

/**
 * Why an engine failed: the earliest error that explains its end, which is neither one that it went on after, nor one
 * that only points to another. Pure: from its log and how its process ended.
 */
export function classifyFailure(whole: string, { phase, killed }: Circumstances): Finding {
  const start = phase === "start" ? 0 : Math.max(0, whole.lastIndexOf(UP));
  const { chains, hints } = readErrors(whole.slice(start));
  const told: Told = { phase, start, foreign: FOREIGN.test(whole), hints };
  const deadly = chains.filter(({ survived }) => !survived);
  const first = firstError(deadly, phase) ?? explainedOf(deadly).find(({ sign }) => sign !== undefined);
  const winner = first && (raisedAs(first, deadly) ?? first);
  if (winner !== undefined && (winner.sign !== undefined || !killed)) {
    return describe(hinted(winner, hints), told);
  }
  if (killed) return without(KILLED);
  const rest = deadly.find(isOf("aftermath")) ?? deadly.findLast(isOf("remark"));
  if (killed === undefined && rest === undefined) return without(WITHOUT_A_WORD);
  const last = rest ?? chains.findLast(isOf("error"));
  return last === undefined ? without(undefined) : describe({ ...explainedChain(last), sign: undefined }, told);
}

const without = (diagnosis: Diagnosis | undefined): Finding => ({ diagnosis, line: undefined, offset: undefined });
const isOf =
  (rank: Rank) =>
  ({ errors }: Chain) =>
    errors.some((error) => error.rank === rank);
/** One after the other, as they are asked for: a log may hold thousands. */
const explainedOf = (chains: Chain[]) => chains.values().map(explainedChain);

/** A known remark is as good as an exception: not every library raises one. */
function firstError(deadly: Chain[], phase: Phase): Explained | undefined {
  const real = (chains: Chain[]) =>
    explainedOf(chains).filter(
      ({ error: { rank }, sign }) => rank === "error" || (rank === "remark" && sign !== undefined),
    );
  // A server that has served has errors behind it that were no end.
  const fatal = phase === "mid-run" ? deadly.filter(({ errors }) => errors.some((error) => error.fatal)) : [];
  const first = real(fatal).next().value ?? real(deadly).next().value;
  if (!first?.sign?.vague) return first;
  return real(deadly).find(({ sign }) => sign !== undefined && !sign.vague) ?? first;
}

/** vLLM before 0.8 logs an error's message, and then its traceback. */
function raisedAs({ error: remark }: Explained, deadly: Chain[]): Explained | undefined {
  const raised = `: ${remark.lines[0]!.text}`;
  const chain = deadly.find(({ errors }) => errors.some(({ lines }) => lines[0]!.text.endsWith(raised)));
  return chain && explainedChain(chain);
}

/** The error of a chain that tells most: the first that is known, else the one that was raised for the reader. */
function explainedChain({ errors, deliberate }: Chain): Explained {
  const all = errors.map(explained);
  const telling = all.filter(({ error }) => error.rank === "error");
  const unknown = (deliberate ? telling[0] : telling.at(-1)) ?? all[0]!;
  return telling.find(({ sign }) => sign !== undefined && !sign.vague) ?? telling.find(({ sign }) => sign) ?? unknown;
}

function explained(error: LoggedError): Explained {
  const message = messageOf(error);
  for (const sign of SIGNS) {
    const found = sign.pattern.exec(message);
    if (found !== null) return { error, sign, found };
  }
  return { error, sign: undefined, found: undefined };
}

const messageOf = ({ lines }: LoggedError) => lines.map(({ text }) => text).join("\n");

/** A driver that does not fit is told by a warning, and then no GPU is found. */
function hinted(winner: Explained, hints: LoggedError[]): Explained {
  if (!winner.sign?.hinted) return winner;
  const before = hintsBefore(winner.error, hints).map(explained);
  return before.find(({ sign }) => sign !== undefined && !sign.hinted) ?? winner;
}

const hintsBefore = (error: LoggedError, hints: LoggedError[]) => hints.filter(({ offset }) => offset < error.offset);

function describe({ error, sign, found }: Explained, { phase, start, foreign, hints }: Told): Finding {
  if (sign === undefined || found === undefined) {
    const { text, offset } = tellingLine(error);
    const diagnosis = { reason: "engine_crashed", cause: brief(text), fix: "the log says where" } as const;
    return { diagnosis, line: text.trim(), offset: start + offset };
  }
  const { text, offset } = lineAt(error, found);
  const { stage, file } = error;
  const warnings = hintsBefore(error, hints).map(messageOf).join("\n");
  const diagnosis = sign.explain(found, { phase, stage, file, foreign, message: messageOf(error), warnings });
  return { diagnosis, line: text.trim(), offset: start + offset };
}

/** The line that tells most: the first one of a C++ exception names its type alone. */
function tellingLine({ lines }: LoggedError): LoggedError["lines"][number] {
  const thrown = lines[0]!.text.startsWith("terminate called after throwing");
  return (thrown && lines.find(({ text }) => /^ {2}what\(\): {2}\S/.test(text))) || lines[0]!;
}

/** The line in which the sign's words end: what comes before in a message introduces them. */
function lineAt({ lines }: LoggedError, found: RegExpExecArray): LoggedError["lines"][number] {
  const number = found.input.slice(0, found.index + found[0].length).split("\n").length - 1;
  return lines[number] ?? lines[0]!;
}
