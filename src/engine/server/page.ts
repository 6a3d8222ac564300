import { messageOf, UserError } from "../../errors.ts";
import { BodyTooLarge, readBody } from "../../limited-body.ts";
import { authorization } from "./api-key.ts";

const ANSWER_TIMEOUT_MS = 10_000;
/** Ten thousand models with all that vLLM says of one; and 300 times a page of its metrics. */
const LARGEST_PAGE_BYTES = 16 * 1024 * 1024;

/** The server cannot be reached, is silent, or says more than anybody reads. */
export class Unreachable extends UserError {}

/** @throws Unreachable naming the URL, the cause and what to do */
export const reach = (url: string, signal?: AbortSignal): Promise<Page> => getPage(url, signal).catch(unreachable(url));

function unreachable(url: string): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof BodyTooLarge) throw new Unreachable(`${url}: ${cause.message}`, { cause });
    // A name with several addresses fails with an AggregateError, whose message is empty.
    const why = messageOf(cause) || (cause as NodeJS.ErrnoException).code;
    throw new Unreachable(`${url} does not answer: ${why}. Is the server up, and the base URL right?`, { cause });
  };
}

/** @throws Error when it does not answer within 10 s; BodyTooLarge beyond 16 MiB */
export function getPage(url: string, signal?: AbortSignal): Promise<Page> {
  return exchange(url, { method: "GET", headers: authorization() }, { signal, limitMs: ANSWER_TIMEOUT_MS });
}

/** @throws Unreachable, also when it does not answer within the limit */
export function postJson(
  url: string,
  body: object,
  limits: { signal?: AbortSignal | undefined; limitMs: number },
): Promise<Page> {
  const headers = { "content-type": "application/json", ...authorization() };
  return exchange(url, { method: "POST", headers, body: JSON.stringify(body) }, limits).catch(unreachable(url));
}

export interface Page {
  status: number;
  text: string;
}

/** Sends one request on a connection of its own. @throws Error of undici's when no whole answer came; BodyTooLarge */
export async function exchange(
  url: string,
  question: { method: "GET" | "POST" | "DELETE"; headers: Record<string, string>; body?: string },
  { signal, limitMs }: { signal?: AbortSignal | undefined; limitMs: number },
): Promise<Page & { contentType: string }> {
  // Loaded here: it costs a third of the command line's start-up, and most of what imports this file asks nothing.
  const { Agent, request } = await import("undici");
  // An agent of our own, because Node's default one may follow HTTP_PROXY (NODE_USE_ENV_PROXY=1), and no proxy knows
  // our loopback; and one for a single answer, so that no connection stays open while the engine is measured. The limit
  // is ours alone: a model that is loaded for the first request may take longer than the agent's own five minutes.
  const direct = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const timeout = AbortSignal.timeout(Math.ceil(limitMs));
  const limit = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const { statusCode, headers, body } = await request(url, { dispatcher: direct, signal: limit, ...question });
    const contentType = String(headers["content-type"] ?? "");
    return { status: statusCode, text: await readBody(body, LARGEST_PAGE_BYTES), contentType };
  } finally {
    await direct.destroy();
  }
}

export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const excerpt = (text: string) => JSON.stringify(text.slice(0, 200));
