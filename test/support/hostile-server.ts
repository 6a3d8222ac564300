import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { HostileMode } from "./hostile-modes.ts";

interface Asked {
  path: string;
  tokens: number;
}

/** A server that answers well to what is asked before a benchmark, and in its mode to each request of the benchmark. */
export async function hostileServer(mode: Pick<HostileMode, "answer" | "path">, benchmarkTokens: number) {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    let text = "";
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    socket.on("end", () => socket.destroy());
    socket.setEncoding("latin1").on("data", (bytes: string) => {
      text += bytes;
      for (let taken = requestIn(text); taken !== undefined; taken = requestIn(text)) {
        text = text.slice(taken.length);
        const { path, tokens } = taken.asked;
        const isMeant = mode.path === undefined ? tokens === benchmarkTokens : path === mode.path;
        if (isMeant) mode.answer(socket, tokens);
        else socket.write(friendly(taken.asked));
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function friendly({ path, tokens }: Asked): string {
  if (path === "/v1/models") return withLength(200, JSON.stringify({ data: [{ id: "m" }] }));
  return tokens > 0 ? withLength(200, eventsOf(tokens)) : withLength(404, "");
}

export const withLength = (status: number, body: string, type = "text/event-stream") =>
  `HTTP/1.1 ${status} OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

/** The events of a whole good answer. */
export function eventsOf(tokens: number): string {
  const words = Array.from({ length: tokens }, (_, i) =>
    event({ choices: [{ index: 0, text: "x", finish_reason: i === tokens - 1 ? "length" : null }] }),
  );
  return `${words.join("")}${event({ choices: [], usage: { prompt_tokens: 5, completion_tokens: tokens } })}data: [DONE]\n\n`;
}

function requestIn(text: string): { length: number; asked: Asked } | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const head = text.slice(0, headEnd);
  const bodyStart = headEnd + 4;
  const length = bodyStart + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (text.length < length) return undefined;
  const tokens = length === bodyStart ? 0 : JSON.parse(text.slice(bodyStart, length)).max_tokens;
  return { length, asked: { path: head.split(" ", 2)[1]!, tokens } };
}
