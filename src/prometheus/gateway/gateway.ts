import { messageOf, UserError } from "../../errors.ts";
import { cut } from "../../foreign-text/limits.ts";
import { plainLine } from "../../foreign-text/plain.ts";
import { BodyTooLarge, readBody } from "../../limited-body.ts";
import type { GatewayAddress } from "./address.ts";

/** How a request ended without an error of its own. */
export type Answer =
  | { kind: "done"; status: number; text: string }
  /** The gateway has said no: the same again would come to the same. */
  | { kind: "refused"; status: number; reason: string }
  /** Perhaps later: it could not be reached, or has too much to do. */
  | { kind: "later"; reason: string }
  /** The connection ended before an answer came; whether the gateway has done it nobody knows. */
  | { kind: "closed"; reason: string };

type Method = "GET" | "PUT" | "DELETE";

/** Asks a Pushgateway once. */
export interface Gateway {
  /** Its address, without a password. */
  base: string;
  ask(method: Method, path: string, body?: string): Promise<Answer>;
}

/** A gateway that holds a million series answers with some hundred megabytes, which nobody reads. */
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;
const SHOWN_CHARACTERS = 300;
const TRY_LATER = new Set([429, 502, 503, 504]);
/** Before anything was sent. */
const NOT_REACHED = new Set(["ECONNREFUSED", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

interface Limits {
  signal: AbortSignal;
  answerWithinMs: number;
}

/** @throws UserError from `ask` where no other try can help: no answer in time, no such host, a redirect */
export function openGateway({ base, authorization }: GatewayAddress, { signal, answerWithinMs }: Limits): Gateway {
  const headers = authorization === undefined ? {} : { authorization };
  const ask = async (method: Method, path: string, body?: string): Promise<Answer> => {
    const limit = AbortSignal.timeout(answerWithinMs);
    // A redirect would take numbers and password to whoever the answer names.
    const request = { method, headers: { ...headers, ...CONTENT }, body, redirect: "manual" } as const;
    try {
      const response = await fetch(base + path, { ...request, signal: AbortSignal.any([signal, limit]) });
      const text = await readBody(response.body ?? new ReadableStream(), LARGEST_ANSWER_BYTES);
      return answerOf(response, text, base);
    } catch (cause) {
      if (signal.aborted || cause instanceof UserError) throw cause;
      if (limit.aborted) throw new UserError(`${base} gives no answer within ${answerWithinMs / 1000} s`, { cause });
      return brokenOff(cause as Error, base);
    }
  };
  return { base, ask };
}

const CONTENT = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };

function answerOf({ status, headers }: Response, text: string, base: string): Answer {
  const said = cut(plainLine(text), SHOWN_CHARACTERS);
  if (status >= 200 && status < 300) return { kind: "done", status, text };
  if (status >= 300 && status < 400) {
    const place = placeOf(headers.get("location"), base);
    throw new UserError(`${base} answers with a redirect${place}, which is not followed: give that address itself`);
  }
  if (TRY_LATER.has(status)) return { kind: "later", reason: `it answers with status ${status}: ${said}` };
  return { kind: "refused", status, reason: reasonOf(status, said) };
}

/** Without what may hold a secret. */
function placeOf(location: string | null, base: string): string {
  if (location === null || !URL.canParse(location, base)) return "";
  const { origin, pathname } = new URL(location, base);
  return ` to ${plainLine(origin + pathname)}`;
}

function reasonOf(status: number, said: string): string {
  if (status === 401 || status === 403) {
    return `status ${status}: set PITWALL_GATEWAY_USER and PITWALL_GATEWAY_PASSWORD, or put them into its address`;
  }
  if (status === 404) return "status 404: there is no Pushgateway at this address, or only below another path";
  return `status ${status}${said === "" ? "" : `: ${said}`}`;
}

/** @throws UserError where the name leads nowhere, or what answers does not speak HTTP */
function brokenOff(error: Error, base: string): Answer {
  if (error instanceof BodyTooLarge) throw new UserError(`${base}: ${error.message}`);
  const cause = (error.cause ?? error) as NodeJS.ErrnoException;
  const { code = "" } = cause;
  const reason = messageOf(cause);
  if (NOT_REACHED.has(code)) return { kind: "later", reason };
  // fetch asks no port that browsers keep for other services, and says so without a code.
  if (reason === "bad port" || code === "ENOTFOUND" || code.startsWith("ERR_TLS") || code.includes("CERT")) {
    throw new UserError(`${base} cannot be reached: ${reason}`, { cause: error });
  }
  return { kind: "closed", reason };
}
