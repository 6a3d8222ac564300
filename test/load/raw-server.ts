import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

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

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

/** The events of a whole good answer. */
export function eventsOf({ askedTokens }: RawRequest): string {
  const words = Array.from({ length: askedTokens }, (_, i) =>
    event({ choices: [{ index: 0, text: "x", finish_reason: i === askedTokens - 1 ? "length" : null }] }),
  );
  const usage = { prompt_tokens: 5, completion_tokens: askedTokens };
  return `${words.join("")}${event({ choices: [], usage })}data: [DONE]\n\n`;
}

export const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
export const headOf = (...headers: string[]) =>
  ["HTTP/1.1 200 OK", "content-type: text/event-stream", "transfer-encoding: chunked", ...headers, "\r\n"].join("\r\n");

/** A whole good answer in one piece. */
export const answerOf = (request: RawRequest, ...headers: string[]) =>
  `${headOf(...headers)}${chunk(eventsOf(request))}${chunk("")}`;

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
        const request = { index: requests.length, connection, turn: turn++, ...taken.asked };
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

function requestIn(text: string) {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const head = text.slice(0, headEnd);
  const bodyStart = headEnd + 4;
  const length = bodyStart + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (text.length < length) return undefined;
  const askedTokens: number = length === bodyStart ? 0 : JSON.parse(text.slice(bodyStart, length)).max_tokens;
  return { length, asked: { askedTokens, isWarmup: head.includes("pitwall-warmup-") } };
}
