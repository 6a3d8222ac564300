import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  body: { model: string; prompt: number[]; max_tokens: number; [key: string]: unknown };
  path: string;
  receivedAt: number;
  connection: number | undefined;
}
/** Plays the engine for one request. @param index counted from 0 over all requests */
export type Script = (response: ServerResponse, index: number, request: ReceivedRequest) => void | Promise<void>;

export const token = (text = "x", finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, text, finish_reason: finish }] })}\n\n`;
export const usage = (promptTokens: number, completionTokens: number) =>
  `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: promptTokens, completion_tokens: completionTokens } })}\n\n`;
export const DONE = "data: [DONE]\n\n";

/** A whole good answer to a request, as vLLM streams it. */
export function goodAnswer({ body: { prompt, max_tokens: tokens } }: ReceivedRequest): string {
  const words = Array.from({ length: tokens }, (_, i) => token("x", i === tokens - 1 ? "length" : null));
  return `${words.join("")}${usage(prompt.length, tokens)}${DONE}`;
}

export const answerWell: Script = (response, _index, request) => {
  response.writeHead(200, { "content-type": "text/event-stream" }).end(goodAnswer(request));
};

/** A server on a free loopback port that answers requests for a completion by a script and keeps what it received. */
export async function scriptedServer(script: Script) {
  const received: ReceivedRequest[] = [];
  let open = 0;
  let mostOpen = 0;
  const server = createServer(async (request, response) => {
    if (request.url === "/v1/models") return void response.end('{"object":"list","data":[{"id":"m"}]}');
    if (request.method !== "POST") return void response.end();
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    response.on("close", () => {
      open -= 1;
    });
    const { remotePort } = request.socket;
    const body = JSON.parse(await bodyOf(request));
    const entry = { body, path: request.url!, receivedAt: performance.now(), connection: remotePort };
    const index = received.push(entry) - 1;
    await script(response, index, entry);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    mostOpen: () => mostOpen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}
