import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What a test looks at of a request; all that it holds besides is there too. */
interface Question {
  model: string;
  prompt?: string | number[];
  messages?: unknown[];
  max_tokens?: number;
  max_completion_tokens?: number;
  stream?: boolean;
  stream_options?: unknown;
  [field: string]: unknown;
}
export type Answer = readonly [status: number, body: unknown];

/** How a server differs from one that takes everything: each part stands for what a real one does. */
export interface Picky {
  /** Names in /v1/models; a function while they change. */
  models?: () => string[];
  /** Answers instead of the list. */
  list?: () => Answer | undefined;
  health?: number;
  /** Beside each name of the list. */
  meta?: object;
  /** An answer without any token; undefined: the request is taken. */
  refuse?: (question: Question, path: string) => Answer | undefined;
  /** Tokens of an answer; by default those asked for. */
  length?: (asked: number, index: number) => number;
  /** Where usage stands in a stream. */
  usage?: "own event" | "on the finish" | "never";
  /** Whether usage comes only where stream_options asks for it. */
  usageOnDemand?: boolean;
  done?: boolean;
  /** Ends with an event that holds the finish reason and no token. */
  finishApart?: boolean;
}

const PROMPT_TOKENS = 7;

/** A server on loopback in the shape of other people's engines. `received` are the bodies of its requests, in order. */
export async function pickyServer(picky: Picky = {}) {
  const received: Question[] = [];
  const { models = () => ["m"], list, health = 200, meta, refuse, length = (asked) => asked } = picky;
  const server = createServer(async (request, response) => {
    const send = ([status, body]: Answer) =>
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(typeof body === "string" ? body : JSON.stringify(body));
    const path = request.url!;
    if (path === "/health") return send([health, ""]);
    if (path === "/v1/models") return send(list?.() ?? [200, { data: models().map((id) => ({ id, meta })) }]);
    if (request.method !== "POST") return send([404, { detail: "Not Found" }]);
    const question: Question = JSON.parse(await textOf(request));
    const index = received.push(question) - 1;
    const refused = refuse?.(question, path);
    if (refused !== undefined) return send(refused);
    const isChat = path.endsWith("/chat/completions");
    const asked = (isChat ? question.max_completion_tokens : undefined) ?? question.max_tokens ?? 50;
    const tokens = length(asked, index);
    const prompt = Array.isArray(question.prompt) ? question.prompt.length : PROMPT_TOKENS;
    const usage = { prompt_tokens: prompt, completion_tokens: tokens, total_tokens: prompt + tokens };
    if (!question.stream) return send([200, { choices: [{ text: "x".repeat(tokens) }], usage }]);
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of streamOf(tokens, usage, isChat, isTold(picky, question) ? picky : { ...picky, usage: "never" }))
      response.write(`data: ${JSON.stringify(event)}\n\n`);
    response.end(picky.done === false ? "" : "data: [DONE]\n\n");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

const isTold = ({ usageOnDemand = false }: Picky, { stream_options: options }: Question) =>
  !usageOnDemand || options !== undefined;

function* streamOf(tokens: number, usage: object, isChat: boolean, picky: Picky): Generator<object> {
  const { usage: place = "own event", finishApart = false } = picky;
  const piece = (text: string) => (isChat ? { delta: text === "" ? {} : { content: text } } : { text });
  const withUsage = place === "on the finish" ? { usage } : {};
  const finish = { finish_reason: "length" };
  if (isChat) yield { choices: [{ delta: { role: "assistant", content: "" }, finish_reason: null }] };
  for (let i = 1; i <= tokens; i++) {
    const isLast = i === tokens && !finishApart;
    yield {
      choices: [{ ...piece("x"), finish_reason: null, ...(isLast ? finish : {}) }],
      ...(isLast ? withUsage : {}),
    };
  }
  if (finishApart) yield { choices: [{ ...piece(""), ...finish }], ...withUsage };
  if (place === "own event") yield { choices: [], usage };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}
