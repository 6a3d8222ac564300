import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import type { ConnectionFailure } from "../../../src/load/http/connection.ts";
import { Connections } from "../../../src/load/http/connections.ts";
import { targetOf } from "../../../src/load/http/target.ts";

const ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/** A server of bare sockets, and our connections to it. */
async function room(onSocket: (socket: Socket, index: number) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    onSocket(socket, sockets.push(socket) - 1);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const connections = new Connections({ host: "127.0.0.1", port, secure: false });
  return {
    port,
    sockets,
    connections,
    ask: () => ask(connections),
    async [Symbol.asyncDispose]() {
      connections.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function ask(connections: Connections): Promise<string | ConnectionFailure> {
  return new Promise((resolve) => {
    let body = "";
    connections.take().send(Buffer.from("GET / HTTP/1.1\r\nhost: x\r\n\r\n"), {
      onHead: () => {},
      onBody: (bytes, start, end) => {
        body += bytes.toString("latin1", start, end);
      },
      onEnd: () => resolve(body),
      onFailure: resolve,
    });
  });
}

test("as many connections as wanted are open before the first request, and are used", async () => {
  await using server = await room((socket) => socket.on("data", () => socket.write(ANSWER)));
  await server.connections.prepare(3, 0);
  await expect.poll(() => server.sockets.length).toBe(3);
  expect(await Promise.all([server.ask(), server.ask(), server.ask()])).toEqual(["ok", "ok", "ok"]);
  expect(await server.ask()).toBe("ok");
  expect(server.sockets).toHaveLength(3);
});

test("a connection is opened for a request that finds none idle", async () => {
  await using server = await room((socket) => socket.on("data", () => socket.write(ANSWER)));
  expect(await Promise.all([server.ask(), server.ask()])).toEqual(["ok", "ok"]);
  expect(server.sockets).toHaveLength(2);
});

test("a connection that the server closed is not used again", async () => {
  await using server = await room((socket, index) =>
    socket.on("data", () => (index === 0 ? socket.end(ANSWER) : socket.write(ANSWER))),
  );
  expect(await server.ask()).toBe("ok");
  await once(server.sockets[0]!, "close");
  expect(await server.ask()).toBe("ok");
  expect(server.sockets).toHaveLength(2);
});

test("a connection that breaks in mid-answer fails its request, and says so", async () => {
  await using server = await room((socket) => socket.on("data", () => socket.end(ANSWER.slice(0, -1))));
  expect(await server.ask()).toEqual({ kind: "cut-off", message: "the connection was closed" });
});

test("an answer that nobody asked for closes the connection", async () => {
  await using server = await room((socket) => socket.write(ANSWER));
  await server.connections.prepare(1, 0);
  await expect.poll(() => server.sockets[0]?.destroyed).toBe(true);
});

test("nobody listening is refused, with the address", async () => {
  const server = await room(() => {});
  const { port } = server;
  await server[Symbol.asyncDispose]();
  const connections = new Connections({ host: "127.0.0.1", port, secure: false });
  const failure = { kind: "refused", message: expect.stringContaining(`ECONNREFUSED 127.0.0.1:${port}`) };
  expect(await ask(connections)).toEqual(failure);
});

test.each([
  ["http://127.0.0.1:8000", { host: "127.0.0.1", port: 8000, secure: false }],
  ["https://example.org/engine", { host: "example.org", port: 443, secure: true }],
  ["http://[::1]", { host: "::1", port: 80, secure: false }],
])("%s leads to its host and port", (url, target) => expect(targetOf(new URL(url))).toEqual(target));
