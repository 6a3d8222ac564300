import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Question {
  path: string;
  /** The user's text, or the prompt. */
  question: string;
  body: Record<string, unknown>;
}

/** What a server says; silence keeps the connection open. */
export type Said = { status: number; body: unknown } | "silence";

/** An OpenAI-shaped server on loopback that answers by a rule. */
export interface AnsweringServer extends AsyncDisposable {
  url: string;
  bodies: Record<string, unknown>[];
  readonly mostAtOnce: number;
}

export const chatAnswer = (content: unknown, finish_reason = "stop"): Said => ({
  status: 200,
  body: {
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  },
});

/** /v1/models lists “m”. */
export async function answeringServer(answer: (question: Question) => Said): Promise<AnsweringServer> {
  const bodies: Record<string, unknown>[] = [];
  let [open, mostAtOnce] = [0, 0];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    if (request.method === "GET") {
      const isKnown = request.url === "/v1/models";
      response.writeHead(isKnown ? 200 : 404, { "content-type": "application/json" });
      return response.end(isKnown ? JSON.stringify({ object: "list", data: [{ id: "m" }] }) : "{}");
    }
    open += 1;
    mostAtOnce = Math.max(mostAtOnce, open);
    const body = JSON.parse(text) as Record<string, unknown>;
    bodies.push(body);
    // So that those which are asked at once meet here.
    await new Promise((resolve) => setImmediate(resolve));
    const said = answer({ path: request.url ?? "", question: questionIn(body), body });
    open -= 1;
    if (said === "silence") return;
    response.writeHead(said.status, { "content-type": "application/json" });
    return response.end(typeof said.body === "string" ? said.body : JSON.stringify(said.body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    get mostAtOnce() {
      return mostAtOnce;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
}

function questionIn({ messages, prompt }: Record<string, unknown>): string {
  const last = Array.isArray(messages) ? messages.at(-1) : undefined;
  return String(last?.content ?? prompt);
}
