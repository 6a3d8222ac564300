import type { ServerResponse } from "node:http";
import type { Sequence } from "../engine/sequence.ts";
import type { Faults } from "../faults/faults.ts";
import { ApiError } from "../request/api-error.ts";
import type { GenerationRequest } from "../request/generation.ts";
import type { FinishReason } from "../text/script.ts";
import type { WireFormat } from "./format/wire-parts.ts";
import type { TruthRecord } from "./truth-log.ts";

/** A request that was read and understood, and where its answer goes. */
export interface Exchange {
  request: GenerationRequest;
  faults: Faults;
  response: ServerResponse;
  /** Filled while it is answered. */
  truth: TruthRecord;
}

/** All that an answer in the making needs. */
export interface Answer extends Exchange {
  wire: WireFormat;
  /** One a choice, in order of their index. */
  sequences: readonly Sequence[];
  /** Why each ends with its last token. */
  finishes: readonly FinishReason[];
  /** Takes the sequences out of the batch. */
  abandon(): void;
  /** Notes that the next tokens are written now. */
  stamp(tokens: number): void;
}

/** Gets the `index`-th choice's next token. */
export type OnChoiceToken = (index: number, dueMs: number) => void;

export const simulatedError = (what: string) =>
  new ApiError(500, "InternalServerError", `simulated ${what} (fault injection)`);
