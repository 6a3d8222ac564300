import { errors } from "undici";
import { z } from "zod";
import { mistakeLines } from "../../mistakes.ts";
import type { Reason } from "../../result/document/reason.ts";

/** What an error that a request threw says of its cell. */
export function requestFailure(error: unknown): { reason: Reason; error: string } {
  return { reason: reasonOf(error), error: textOf(error) };
}

function reasonOf(error: unknown): Reason {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) return "client_timeout";
  if ((error as Error).name === "TimeoutError") return "client_timeout";
  return /out ?of ?memory/i.test(textOf(error)) ? "out_of_memory" : "client_failed";
}

function textOf(error: unknown): string {
  if (error instanceof z.ZodError) return `the answer is not a completion: ${mistakeLines(error)}`;
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
