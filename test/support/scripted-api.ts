import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Target } from "../../src/functional/client/send.ts";

interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** What a server says to a request: status and body; null closes the connection without a word. */
export type Says = (
  asked: Asked,
  number: number,
) => readonly [number, unknown] | null | Promise<readonly [number, unknown] | null>;

/** A server of OpenAI's API that says what a test wants, in this process; gone when it goes out of scope. */
export async function scriptedApi(says: Says) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join("");
    const one = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
    asked.push(one);
    answer(await says(one, asked.length), response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    target: (more: Partial<Target> = {}): Target => ({
      ...{ baseUrl: url, model: "tiny", requestSeconds: 10, env: {}, signal: new AbortController().signal },
      ...more,
    }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(said: readonly [number, unknown] | null, response: ServerResponse): void {
  if (said === null) return void response.destroy();
  const [status, body] = said;
  const isStream = typeof body === "string" && body.startsWith("data:");
  response.writeHead(status, { "content-type": isStream ? "text/event-stream" : "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

export const MODELS = { object: "list", data: [{ id: "tiny", object: "model", created: 1, owned_by: "me" }] };
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

/** A chat's answer of one choice. */
export const chatAnswer = (content = "Hello") => ({
  ...{ id: "chat-1", object: "chat.completion", created: 1, model: "tiny", usage },
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
});

export const refusal = (message = "no") => ({ error: { message, type: "BadRequestError", code: 400 } });
