import { UserError } from "../errors.ts";
import type { Failure, Reason } from "../result/document/reason.ts";
import { present } from "../result/present.ts";

interface EngineFailure {
  reason: Reason;
  /** One sentence: what happened and what to do. */
  detail: string;
  /** Last lines of the engine's log. */
  logTail?: string;
  /** When memory ran out: the largest max_model_len that the log says would fit. */
  longestContext?: number | undefined;
  cause?: unknown;
}

/** The engine did not come up, or went away: classified, with the end of its log. */
export class EngineError extends UserError {
  override name = "EngineError";
  readonly reason: Reason;
  readonly detail: string;
  readonly logTail: string | undefined;
  readonly longestContext: number | undefined;

  constructor({ reason, detail, logTail, longestContext, cause }: EngineFailure) {
    super(logTail ? `${detail}\nLast lines of the engine's log:\n${logTail}` : detail, { cause });
    this.reason = reason;
    this.detail = detail;
    this.logTail = logTail;
    this.longestContext = longestContext;
  }

  /** As it is stored. */
  get failure(): Failure {
    const { reason, detail, logTail } = this;
    return { reason, detail, ...present({ logTail }) };
  }
}

/** What came of it, or the engine's failure, which is a result too; any other error stays one. */
export function orEngineError<T>(work: Promise<T>): Promise<T | EngineError> {
  return work.catch((error: unknown) => {
    if (error instanceof EngineError) return error;
    throw error;
  });
}
