import { expect, test } from "vitest";
import { Connections } from "../../../src/load/http/connections.ts";
import { targetOf } from "../../../src/load/http/target.ts";
import { Exchange } from "../../../src/load/thread/exchange.ts";
import { httpRequest } from "../../../src/load/thread/request-source.ts";
import { answerWell, type Script, scriptedServer, token } from "../scripted-server.ts";

const BODY = Buffer.from(JSON.stringify({ model: "m", prompt: [1, 2, 3, 4, 5], max_tokens: 3 }));

interface Meeting {
  timeoutSeconds?: number;
  /** Called once the request is out. */
  whileOpen?(exchange: Exchange): void;
}

/** Sends one request to a server that plays a script; how often it settled is counted. */
async function exchangeWith(script: Script, { timeoutSeconds = 30, whileOpen = () => {} }: Meeting = {}) {
  await using server = await scriptedServer(script);
  const url = new URL(server.baseUrl);
  const connections = new Connections(targetOf(url));
  const { promise: settled, resolve } = Promise.withResolvers<void>();
  let times = 0;
  const exchange = new Exchange({
    askedOutputTokens: 3,
    timeoutSeconds,
    freshConnection: () => connections.takeFresh(),
    onSettled: () => {
      times += 1;
      resolve();
    },
  });
  exchange.send(connections.take(), httpRequest({ host: url.host, path: "/v1/completions", idPrefix: "t-" }, 0, BODY));
  whileOpen(exchange);
  await settled;
  connections.close();
  return { exchange, settledTimes: () => times };
}

const refusing =
  (status: number, body: string): Script =>
  (response) =>
    void response.writeHead(status).end(body);

test("a good answer settles without an error, sent before its first token and ended after its last", async () => {
  const { exchange } = await exchangeWith(answerWell);
  const { times } = exchange.completion.log;
  expect([exchange.error, times.length]).toEqual([null, 3]);
  expect(exchange.sentAt).toBeLessThan(times[0]!);
  expect(exchange.endedAt).toBeGreaterThanOrEqual(times[2]!);
});

test.each([
  [400, '{"error":{"message":"too long","type":"BadRequestError"}}', "http_400: too long"],
  [404, '{"message":"no such model"}', "http_404: no such model"],
  [422, '{"detail":[{"loc":["body"],"msg":"field required"}]}', 'http_422: [{"loc":["body"],"msg":"field required"}]'],
  [429, '{"error":"slow down"}', "http_429: slow down"],
  [502, "<h1>Bad gateway</h1>", "http_502: <h1>Bad gateway</h1>"],
  [503, "", "http_503: no message"],
  [500, "[]", "http_500: []"],
])("HTTP %i with %j is %j", async (status, body, error) => {
  const { exchange } = await exchangeWith(refusing(status, body));
  expect([exchange.error, exchange.completion.log.count]).toEqual([error, 0]);
});

const MEBIBYTE = 1024 * 1024;
const eventStream = { "content-type": "text/event-stream" };

/** Sends the same without end, as fast as it is taken. */
const endless =
  (status: number, head: string, more: string): Script =>
  (response) => {
    const send = () => void (response.destroyed || response.write(more, send));
    response.writeHead(status, eventStream).write(head, send);
  };

test("of a long error page only the beginning is kept", async () => {
  const { exchange } = await exchangeWith(refusing(500, "x".repeat(1_000_000)));
  expect(exchange.error).toBe(`http_500: ${"x".repeat(500)}…`);
});

test("of an error that a stream tells at length only the beginning is kept", async () => {
  const error = `data: ${JSON.stringify({ error: { message: "y".repeat(1_000_000) } })}\n\n`;
  const { exchange } = await exchangeWith((response) => void response.writeHead(200, eventStream).end(error));
  expect(exchange.error).toBe(`in_stream_error: ${"y".repeat(500)}…`);
});

test.each([
  [
    "an error page",
    endless(503, "<h1>", "x".repeat(MEBIBYTE)),
    /^too_large: HTTP 503 with more than 1 MiB; it begins: <h1>x{196}…$/,
  ],
  [
    "an event",
    endless(200, "data: ", "x".repeat(65_536)),
    /^too_large: an event is longer than 1 MiB; it begins: x{200}…$/,
  ],
  [
    "an answer",
    endless(200, ": ping\n\n", ": \n\n".repeat(16_384)),
    /^too_large: the answer is larger than 16 MiB; it begins: : ping/,
  ],
])("%s without end fails the request as too large, and is not read on", async (_what, script, error) => {
  let closed = false;
  const { exchange } = await exchangeWith((response, ...rest) => {
    response.on("close", () => {
      closed = true;
    });
    return script(response, ...rest);
  });
  expect([exchange.error, exchange.endedAt]).toEqual([expect.stringMatching(error), null]);
  await expect.poll(() => closed).toBe(true);
});

test("an answer that breaks off has no end, and what the engine said last is its reason", async () => {
  const breaking = (text: string) =>
    exchangeWith((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(text);
      setTimeout(() => response.destroy(), 20);
    });
  const cut = await breaking(token());
  expect([cut.exchange.error, cut.exchange.endedAt]).toEqual([expect.stringMatching(/^cut_off: /), null]);
  const told = await breaking(`${token()}data: {"error":{"message":"EngineCore died"}}\n\n`);
  expect(told.exchange.error).toBe("in_stream_error: EngineCore died");
});

test("an answer that does not come in time is given up, with its connection", async () => {
  let closed = false;
  const { exchange } = await exchangeWith(
    (response) => {
      response.on("close", () => {
        closed = true;
      });
    },
    { timeoutSeconds: 0.05 },
  );
  expect([exchange.error, exchange.endedAt]).toEqual(["timeout: not answered within 0.05 s", null]);
  await expect.poll(() => closed).toBe(true);
});

test("what is cancelled keeps its first reason, and settles once", async () => {
  const { exchange, settledTimes } = await exchangeWith(() => {}, {
    whileOpen: (open) => {
      open.cancel("the run was cancelled");
      open.cancel("again");
    },
  });
  expect([exchange.error, settledTimes()]).toEqual(["cancelled: the run was cancelled", 1]);
});

test("a cancel after the end changes nothing", async () => {
  const { exchange, settledTimes } = await exchangeWith(answerWell);
  exchange.cancel("too late");
  expect([exchange.error, settledTimes()]).toEqual([null, 1]);
});
