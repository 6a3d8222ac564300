import type { Choice } from "../../request/generation.ts";
import type { FinishReason } from "../../text/script.ts";
import type { Token } from "../../text/tokens.ts";

/*
 * Answers in the shape of vLLM 0.32, keys and their order as recorded from it. A token costs one concatenation: all
 * that does not change within an answer is made once, because the client is measured on the same machine.
 */

/** Marks every answer; vLLM names its build here. */
export const FINGERPRINT = `"system_fingerprint":"simulated"`;

export interface WireFormat {
  /**
   * Server-sent events that carry one token; empty when the client sees nothing of it.
   * @param usage counts at so many tokens, or null when not asked for
   */
  token(index: number, generated: number, finish: FinishReason | null, usage: UsageAt | null): string;
  /** The event after the last token. */
  usage(usage: string): string;
  /** The whole answer when it is not streamed. @param generated tokens of each choice */
  whole(generated: readonly number[], finishes: readonly FinishReason[], usage: string): string;
}

export type UsageAt = (generated: number) => string;

export interface AnswerIdentity {
  id: string;
  /** Unix time in seconds. */
  created: number;
}

export const DONE = "data: [DONE]\n\n";

/** The beginning of an answer or event, up to its choices. */
export function head(prefix: string, object: string, model: string, { id, created }: AnswerIdentity): string {
  return `{"id":${JSON.stringify(`${prefix}-${id}`)},"object":"${object}","created":${created},"model":${JSON.stringify(model)},"choices":[`;
}

export const usageField = (usage: UsageAt | null, generated: number) =>
  usage === null ? "" : `,"usage":{${usage(generated)}}`;
export const promptIds = (choice: Choice | undefined) => `[${choice?.prompt.join(",") ?? ""}]`;
export const idsOf = (tokens: readonly Token[]) => `[${tokens.map(({ id }) => id).join(",")}]`;
export const quoted = (reason: FinishReason | null) => (reason === null ? "null" : `"${reason}"`);
