import { expect, test } from "vitest";
import { stockRequests } from "../../../src/load/run/stock.ts";
import { requestSource } from "../../../src/load/thread/request-source.ts";

const ROUTE = { host: "127.0.0.1:8000", path: "/v1/completions", idPrefix: "pitwall-" };
const BODIES = ['{"a":1}', '{"größe":"🙂"}', "{}"];

const stock = () =>
  stockRequests(
    BODIES.length,
    (index) => ({
      body: Buffer.from(BODIES[index]!),
      askedInputTokens: index === 1 ? null : 10 + index,
      askedOutputTokens: 20 + index,
    }),
    ROUTE,
  );

test("each request comes out whole, with what it asked for", () => {
  const take = requestSource(stock());
  for (const [index, body] of BODIES.entries()) {
    const { bytes, askedInputTokens, askedOutputTokens } = take(index);
    const [head, rest] = Buffer.from(bytes).toString("utf8").split("\r\n\r\n");
    expect(head).toContain("POST /v1/completions HTTP/1.1\r\nhost: 127.0.0.1:8000\r\n");
    expect(head).toContain(`x-request-id: pitwall-${index}`);
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
    expect(rest).toBe(body);
    expect([askedInputTokens, askedOutputTokens]).toEqual([index === 1 ? null : 10 + index, 20 + index]);
  }
});

test("threads read the requests from the same memory", () =>
  expect(stock().bytes.buffer).toBeInstanceOf(SharedArrayBuffer));

test("no requests at all are a stock too", () => {
  const empty = stockRequests(0, () => expect.unreachable(), ROUTE);
  expect([empty.bytes.length, [...empty.offsets], empty.askedOutputTokens.length]).toEqual([0, [0], 0]);
});
