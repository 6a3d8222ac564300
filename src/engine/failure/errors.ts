import { AFTERMATH, FAREWELL, FATAL, HARMLESS, MUTES, SUMMARY } from "./harmless.ts";
import { type LogLine, linesOf } from "./line.ts";
import type { Stage } from "./sign.ts";
import { stageOfFrame, stageOfMilestone } from "./stage.ts";

/** Which errors are believed first: a summary or an aftermath points to another one, a remark says that one comes. */
export type Rank = "error" | "remark" | "aftermath" | "summary";

/** Something that went wrong, as one message in the log. */
export interface LoggedError {
  /** Where its message begins. */
  offset: number;
  lines: { text: string; offset: number }[];
  rank: Rank;
  stage: Stage | undefined;
  /** In which it was raised; undefined: no traceback says. */
  file: string | undefined;
  /** The engine said that it does not survive this. */
  fatal: boolean;
}

/** Errors that Python printed as one, the earliest first. */
export interface Chain {
  errors: LoggedError[];
  /** Raised from one another on purpose; else the first may have been handled when the next came. */
  deliberate: boolean;
  /** The same process went on after it. */
  survived: boolean;
}

export interface Complaints {
  chains: Chain[];
  /** Warnings that may say why an error came. */
  hints: LoggedError[];
}

const TRACEBACK = "Traceback (most recent call last)";
const EXCEPTION =
  /^(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Exit|Interrupt|Failed|Timeout|OutOfResources)(?:\([^)\n]{0,80}\))?(?::\s|:?$)/;
const FRAME = /^ {2}File "([^"\n]+)", line \d/;
const NCCL_WORD = /^nccl\w+Error/;
/** Words of lines that may tell of a failure, where no logger printed them. */
const TROUBLE =
  /error|exception|fail|fatal|killed|cannot|can't|could not|couldn't|unable|not found|no space|denied|dumped|abort|terminate called|out of memory|in use|mismatch|no matching|illegal|\bfault\b|unsatisfied|segfault|exiting|core dump|not enough/i;
const HINTS =
  /CUDA initialization: |Failed to import from vllm\._|XPU device count is zero|Failed to (?:import|load) .{0,300}(?:_C|libcudart)|HIP initialization/;
const LONGEST_MESSAGE = 40;
/** A log full of errors says nothing new after so many. */
const MOST_ERRORS = 20_000;

interface Link {
  chain: Chain;
  deliberate: boolean;
}

/** What is known of one process while its lines go by. */
interface Speaker {
  traceback?: { stage: Stage | undefined; file: string | undefined; logged: boolean } | undefined;
  open?: { error: LoggedError; chain: Chain; logged: boolean } | undefined;
  link?: Link | undefined;
  muted: boolean;
  fatal: boolean;
  chains: Chain[];
}

/** Reads the errors of a log in their order, each process for itself. Pure; linear in the log's length. */
export function readErrors(log: string): Complaints {
  const reader = new ErrorReader();
  for (const line of linesOf(log)) reader.read(line);
  return { chains: reader.chains, hints: reader.hints };
}

class ErrorReader {
  readonly chains: Chain[] = [];
  readonly hints: LoggedError[] = [];
  readonly #speakers = new Map<string, Speaker>();
  #reached: Stage | undefined;

  read(line: LogLine): void {
    const speaker = this.#speaker(line.process);
    this.#reached = stageOfMilestone(line.text) ?? this.#reached;
    if (line.severity === "info") goesOn(speaker, line);
    else if (line.severity === "warning") this.#warning(line);
    else if (line.text.includes(TRACEBACK)) beginTraceback(speaker, line);
    else if (speaker.traceback !== undefined) this.#inTraceback(speaker, speaker.traceback, line);
    else if (!continues(speaker, line)) this.#plain(speaker, line);
  }

  #speaker(process: string): Speaker {
    let speaker = this.#speakers.get(process);
    if (speaker === undefined) {
      speaker = { muted: false, fatal: false, chains: [] };
      this.#speakers.set(process, speaker);
    }
    return speaker;
  }

  #warning(line: LogLine): void {
    if (HINTS.test(line.text)) this.hints.push(this.#error(line, "remark", undefined, false));
  }

  #inTraceback(speaker: Speaker, traceback: NonNullable<Speaker["traceback"]>, line: LogLine): void {
    if (line.text === "" || /^[\s^~]/.test(line.text)) {
      traceback.stage = stageOfFrame(line.text) ?? traceback.stage;
      traceback.file = FRAME.exec(line.text)?.[1] ?? traceback.file;
      return;
    }
    speaker.traceback = undefined;
    if (speaker.muted) {
      speaker.muted = false;
      return;
    }
    const error = this.#error(line, rankOf(line.text), traceback, speaker.fatal);
    this.#add(speaker, error, traceback.logged);
  }

  /** A line outside of any traceback. */
  #plain(speaker: Speaker, line: LogLine): void {
    const { text } = line;
    speaker.open = undefined;
    if (FATAL.test(text)) speaker.fatal = true;
    if (MUTES.test(text)) speaker.muted = true;
    const named = EXCEPTION.test(text) || /^ {2}Value error, /.test(text);
    const troubled = named || line.severity === "error" || (!/^\s/.test(text) && TROUBLE.test(text));
    if (!troubled || HARMLESS.test(text) || MUTES.test(text) || this.chains.length >= MOST_ERRORS) return;
    const rank = rankOf(text);
    this.#add(
      speaker,
      this.#error(line, rank === "error" && !named ? "remark" : rank, undefined, speaker.fatal),
      isLogged(line),
    );
  }

  #error({ offset, text }: LogLine, rank: Rank, from: Speaker["traceback"], fatal: boolean): LoggedError {
    return { offset, lines: [{ text, offset }], rank, stage: from?.stage ?? this.#reached, file: from?.file, fatal };
  }

  #add(speaker: Speaker, error: LoggedError, logged: boolean): void {
    const { link } = speaker;
    const chain = link?.chain ?? { errors: [], deliberate: true, survived: false };
    chain.errors.push(error);
    if (link === undefined) {
      this.chains.push(chain);
      speaker.chains.push(chain);
    } else if (!link.deliberate) chain.deliberate = false;
    speaker.link = undefined;
    speaker.fatal = false;
    speaker.open = { error, chain, logged };
  }
}

const isLogged = ({ severity }: LogLine) => severity !== undefined;

function rankOf(text: string): Rank {
  if (SUMMARY.test(text)) return "summary";
  return AFTERMATH.test(text) ? "aftermath" : "error";
}

/** Whatever went wrong in this process before, it did not end it. */
function goesOn(speaker: Speaker, { own, text }: LogLine): void {
  if (!own || FAREWELL.test(text)) return;
  for (const chain of speaker.chains) chain.survived = !chain.errors.some(({ fatal }) => fatal);
  speaker.chains = [];
  speaker.open = undefined;
  speaker.traceback = undefined;
  speaker.link = undefined;
  speaker.muted = false;
}

function beginTraceback(speaker: Speaker, line: LogLine): void {
  const caption = line.text.slice(0, line.text.indexOf(TRACEBACK));
  if (FATAL.test(caption)) speaker.fatal = true;
  if (MUTES.test(caption)) speaker.muted = true;
  speaker.traceback = { stage: undefined, file: undefined, logged: isLogged(line) };
  speaker.open = undefined;
}

/** @returns whether the line belongs to the message of the error before it */
function continues(speaker: Speaker, { text, offset, ...line }: LogLine): boolean {
  const { open } = speaker;
  if (open === undefined) return false;
  if (text === "") return true;
  const deliberate = text.startsWith("The above exception was the direct cause");
  if (deliberate || text.startsWith("During handling of the above exception")) {
    speaker.link = { chain: open.chain, deliberate };
    return true;
  }
  if (open.logged !== isLogged({ ...line, text, offset })) return false;
  if ((EXCEPTION.test(text) && !NCCL_WORD.test(text)) || FATAL.test(text) || MUTES.test(text)) return false;
  if (open.error.lines.length < LONGEST_MESSAGE) open.error.lines.push({ text, offset });
  return true;
}
