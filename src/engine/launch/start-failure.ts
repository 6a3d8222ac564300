import { EngineError } from "../engine-error.ts";
import { engineLogTail, startLastWords } from "../log.ts";
import type { LaunchedEngine, ProcessEnd } from "./launch.ts";

export type NotHealthy = ProcessEnd | { kind: "timeout"; limitSeconds: number } | { kind: "cancelled" };

/**
 * Explains a start that came to nothing. Reads the log, so call it before the engine is stopped: what an engine prints
 * while it shuts down explains nothing.
 */
export async function startFailure(end: NotHealthy, record: LaunchedEngine["record"]): Promise<EngineError> {
  switch (end.kind) {
    case "not-started":
      return new EngineError({ reason: "environment", detail: notStarted(end.cause, record), cause: end.cause });
    case "exited": {
      const what = `the engine ended ${howItEnded(end)} before it was healthy`;
      return new EngineError(await startLastWords(record, { what, phase: "start", killed: wasKilled(end) }));
    }
    case "timeout": {
      const detail =
        `the engine was not healthy within ${end.limitSeconds} s (${record.baseUrl}/health) and was stopped; ` +
        `its log is ${record.logFile}; --start-timeout gives it longer`;
      return new EngineError({ reason: "startup_timeout", detail, logTail: await engineLogTail(record) });
    }
    case "cancelled":
      return new EngineError({
        reason: "cancelled",
        detail: "cancelled while the engine was starting; it was stopped",
      });
  }
}

function notStarted({ code, message }: NodeJS.ErrnoException, { kind, command }: LaunchedEngine["record"]): string {
  const program = command[0];
  if (kind === "vllm" && code === "ENOENT") {
    return (
      `${program} was not found: install vLLM (pip install vllm), or set PITWALL_VLLM to the program in its virtual ` +
      "environment, for example /opt/vllm/bin/vllm"
    );
  }
  return code === "EACCES" ? `${program} may not be executed: check its permissions` : `${program}: ${message}`;
}

type Exited = Extract<ProcessEnd, { kind: "exited" }>;

const howItEnded = ({ code, signal }: Exited) =>
  signal === null ? `with exit code ${code}` : `by the signal ${signal}`;

/** A shell and Docker say 137 for it: 128 + 9. */
const wasKilled = ({ code, signal }: Exited) => signal === "SIGKILL" || code === 137;
