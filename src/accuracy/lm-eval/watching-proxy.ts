import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { jsonOrNull, type Page, postJson, reach, Unreachable } from "../../engine/server/page.ts";
import { messageOf } from "../../errors.ts";
import { readBody } from "../../limited-body.ts";
import { type NoAnswer, unanswered } from "../ask/answer.ts";
import { noAnswerIn } from "./no-answer.ts";

/** A server of our own on loopback that passes requests on to another one, and counts answers that are none. */
export interface WatchingProxy extends AsyncDisposable {
  /** Without /v1. */
  url: string;
  /** Questions that were asked, each once however often it was repeated. */
  readonly asked: number;
  /** What was wrong with the last answer to each question that has none. */
  unanswered(): NoAnswer[];
}

interface Watched {
  /** Without a trailing slash or /v1. */
  baseUrl: string;
  /** Seconds for one answer. */
  requestTimeout: number;
  signal: AbortSignal;
}

const LARGEST_QUESTION_BYTES = 64 * 1024 * 1024;

/**
 * Other evaluators score an answer that is none as a wrong one, or leave it out, and some do not say so: what went between them
 * and the server does. The server's key is put in here, and no other program needs it.
 */
export async function startWatchingProxy(watched: Watched): Promise<WatchingProxy> {
  const found = new Map<string, NoAnswer | undefined>();
  const server = createServer((request, response) => {
    passOn(request, response, watched, found).catch((error) => answer(response, problem(502, messageOf(error))));
  });
  // It waits for answers as long as its client does.
  server.requestTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get asked() {
      return found.size;
    },
    unanswered: () => [...found.values()].filter((one) => one !== undefined),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  { baseUrl, requestTimeout, signal }: Watched,
  found: Map<string, NoAnswer | undefined>,
): Promise<void> {
  const url = `${baseUrl}${request.url ?? "/"}`;
  if (request.method !== "POST") return answer(response, await reach(url, signal).catch(asPage));
  const text = await readBody(request, LARGEST_QUESTION_BYTES);
  const question = jsonOrNull(text);
  if (typeof question !== "object" || question === null) return answer(response, problem(400, "no JSON object"));
  const page = await postJson(url, question, { signal, limitMs: 1000 * requestTimeout }).catch(asPage);
  const key = createHash("sha256").update(`${request.url}\n${text}`).digest("hex");
  found.set(key, "why" in page ? page.why : noAnswerIn(question, page));
  answer(response, page);
}

type Failed = Page & { why: NoAnswer };

function asPage(error: unknown): Failed {
  if (!(error instanceof Unreachable)) throw error;
  return { ...problem(502, error.message), why: unanswered("unreachable", error.message) };
}

const problem = (status: number, message: string): Page => ({ status, text: JSON.stringify({ error: { message } }) });

function answer(response: ServerResponse, { status, text }: Page): void {
  if (response.headersSent) return;
  response.writeHead(status, { "content-type": "application/json" }).end(text);
}
