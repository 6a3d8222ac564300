import { GPU_SIGNS, MACHINE_SIGNS } from "./machine-signs.ts";
import { MEMORY_SIGNS } from "./memory-signs.ts";
import { ARGUMENT_SIGNS, GENERAL_SIGNS, MODEL_SIGNS } from "./model-signs.ts";
import { brief, type Diagnosis, type Phase } from "./sign.ts";

/** How an engine ended, as far as its process tells. */
export interface Circumstances {
  phase: Phase;
  /** By SIGKILL, or with the exit code 137 that a shell or Docker makes of it; undefined when nobody could see it. */
  killed?: boolean | undefined;
}

export interface Finding {
  /** Of what the log says; without one nothing in it is known. */
  diagnosis: Diagnosis | undefined;
  /** Where in the log the cause stands; undefined: at its end, if anywhere. */
  offset: number | undefined;
}

/** In this order: the special before the general, and a cause before what comes of it (NCCL fails when memory does). */
const SIGNS = [...ARGUMENT_SIGNS, ...MODEL_SIGNS, ...MEMORY_SIGNS, ...GPU_SIGNS, ...MACHINE_SIGNS, ...GENERAL_SIGNS];

/** A name in backticks stands in advice, as in that about `ulimit`. */
const TROUBLE = /Traceback|\bERROR\b|(?<![`\w])\w*(?:Error|Exception)\b:|Segmentation fault|Fatal|core dumped/;
/** How far back the end of a log is looked at for signs of trouble. */
const LAST_CHARACTERS = 20_000;

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

/** Why an engine failed. Pure: from its log and how its process ended. */
export function classifyFailure(whole: string, { phase, killed }: Circumstances): Finding {
  const start = phase === "start" ? 0 : Math.max(0, whole.lastIndexOf(UP));
  const log = whole.slice(start);
  for (const { pattern, explain } of SIGNS) {
    const found = pattern.exec(log);
    if (found !== null) return { diagnosis: explain(found, { log, phase }), offset: start + found.index };
  }
  const end = log.slice(-LAST_CHARACTERS);
  if (killed) return { diagnosis: KILLED, offset: undefined };
  if (killed === undefined && !TROUBLE.test(end)) return { diagnosis: WITHOUT_A_WORD, offset: undefined };
  return unknownError(end, whole.length - end.length);
}

/** The last line in which Python names an exception; vLLM's own summary of it points elsewhere and says nothing. */
function unknownError(log: string, start: number): Finding {
  const errors = [...log.matchAll(/(?<=^|[\]\s])(?:\w+\.)*\w*(?:Error|Exception): [^\n]+/gm)];
  const last = errors.findLast(([error]) => !/Engine core initialization failed|EngineDeadError/.test(error));
  if (last === undefined) return { diagnosis: undefined, offset: undefined };
  const diagnosis = { reason: "engine_crashed", cause: brief(last[0]), fix: "the log says where" } as const;
  return { diagnosis, offset: start + last.index };
}
