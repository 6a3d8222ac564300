import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { eventsOf, requestIn } from "../support/raw-http.ts";

/** A request as it came in over a bare socket. */
interface RawRequest {
  /** Counted from 0 over all connections. */
  index: number;
  /** Which connection, in the order in which they were accepted. */
  connection: number;
  /** Which of its connection, counted from 0. */
  turn: number;
  askedTokens: number;
  isWarmup: boolean;
}

/** Plays a server down to its sockets: what it writes and when it closes. */
export interface RawScript {
  onRequest(socket: Socket, request: RawRequest): void | Promise<void>;
  onConnection?(socket: Socket, connection: number): void;
}

export const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
export const headOf = (...headers: string[]) =>
  ["HTTP/1.1 200 OK", "content-type: text/event-stream", "transfer-encoding: chunked", ...headers, "\r\n"].join("\r\n");

/** A whole good answer in one piece. */
export const answerOf = (request: RawRequest, ...headers: string[]) =>
  `${headOf(...headers)}${chunk(eventsOf(request.askedTokens))}${chunk("")}`;

export async function rawServer({ onRequest, onConnection = () => {} }: RawScript) {
  const sockets: Socket[] = [];
  const requests: RawRequest[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = sockets.push(socket) - 1;
    let turn = 0;
    let text = "";
    socket.on("error", () => {});
    socket.setEncoding("latin1").on("data", (bytes: string) => {
      text += bytes;
      for (let taken = requestIn(text); taken !== undefined; taken = requestIn(text)) {
        text = text.slice(taken.length);
        const { tokens: askedTokens, head } = taken.asked;
        const told = { askedTokens, isWarmup: head.includes("pitwall-warmup-") };
        const request = { index: requests.length, connection, turn: turn++, ...told };
        requests.push(request);
        void onRequest(socket, request);
      }
    });
    onConnection(socket, connection);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    requests,
    async [Symbol.asyncDispose]() {
      // First it listens no more: whoever loses a connection finds nobody there.
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
