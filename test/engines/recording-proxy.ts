import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What went over one connection: when a request came, and each piece of the answer. Times in ms, on one clock. */
export interface Recording {
  requestAt: number;
  /** Head and body as they were sent. */
  request: string;
  pieces: { at: number; bytes: Buffer }[];
}

export interface RecordingProxy extends AsyncDisposable {
  baseUrl: string;
  recordings: Recording[];
}

/**
 * Passes bytes on as they come, in both directions, and notes when. It knows nothing of HTTP but where a request begins:
 * one that comes after an answer is a new recording.
 */
export async function recordTo(port: number): Promise<RecordingProxy> {
  const recordings: Recording[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: "127.0.0.1", port, noDelay: true });
    let current: Recording | undefined;
    client.on("data", (bytes) => {
      if (current === undefined || current.pieces.length > 0) {
        current = { requestAt: performance.now(), request: "", pieces: [] };
        recordings.push(current);
      }
      current.request += bytes.toString("latin1");
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      // Before it goes on: a client can never have it earlier than we say.
      current?.pieces.push({ at: performance.now(), bytes });
      client.write(bytes);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on("end", () => other.end());
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    recordings,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
