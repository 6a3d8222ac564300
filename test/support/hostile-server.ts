import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { HostileMode } from "./hostile-modes.ts";
import { eventsOf, type RawAsked, requestIn } from "./raw-http.ts";

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

function friendly({ path, tokens }: RawAsked): string {
  if (path === "/v1/models") return withLength(200, JSON.stringify({ data: [{ id: "m" }] }));
  return tokens > 0 ? withLength(200, eventsOf(tokens)) : withLength(404, "");
}

export const withLength = (status: number, body: string, type = "text/event-stream") =>
  `HTTP/1.1 ${status} OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
