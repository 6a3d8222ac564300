import { describe, expect, test } from "vitest";
import { parseHead } from "../../../src/load/http/response-head.ts";

const headOf = (...lines: string[]) => parseHead(`${lines.join("\r\n")}\r\n\r\n`);
const keepAliveOf = (version: string, ...headers: string[]) =>
  headOf(`HTTP/${version} 200 OK`, "content-length: 2", ...headers)?.keepAlive;

const UNLIMITED = { idleMs: Number.POSITIVE_INFINITY, requests: Number.POSITIVE_INFINITY };

describe("a connection", () => {
  test.each<[string, ...string[]]>([
    ["1.1"],
    ["1.1", "Connection: keep-alive, Upgrade"],
    ["1.1", "Connection: x-close"],
    ["1.0", "Connection: Upgrade , Keep-Alive"],
  ])("is kept by HTTP/%s %s", (version, ...headers) => expect(keepAliveOf(version, ...headers)).toEqual(UNLIMITED));

  test.each<[string, ...string[]]>([
    ["1.0"],
    ["1.1", "Connection: close"],
    ["1.1", "CONNECTION:close, x"],
    ["1.1", "connection: x,Close"],
    ["1.1", "Connection: keep-alive", "Connection: close", "Keep-Alive: timeout=5"],
    ["1.0", "Keep-Alive: timeout=5"],
  ])("ends after an answer of HTTP/%s %s %s", (version, ...headers) =>
    expect(keepAliveOf(version, ...headers)).toBeNull(),
  );

  test.each([
    ["timeout=5, max=100", { idleMs: 5000, requests: 100 }],
    ["max=1", { ...UNLIMITED, requests: 1 }],
    ["Timeout = 0", { ...UNLIMITED, idleMs: 0 }],
    ['timeout="15"; max=3', { idleMs: 15_000, requests: 3 }],
    ["xtimeout=5, something", UNLIMITED],
  ])("has the limits of keep-alive: %s", (header, limits) =>
    expect(keepAliveOf("1.1", `Keep-Alive: ${header}`)).toEqual(limits),
  );

  test("ends with a body that only its end delimits", () =>
    expect(headOf("HTTP/1.1 200 OK", "Connection: keep-alive")).toMatchObject({
      framing: { kind: "until-close" },
      keepAlive: null,
    }));
});

test("a length said twice is one, two lengths are none", () => {
  const twice = (other: number) => headOf("HTTP/1.1 200 OK", "content-length: 11", `Content-Length: ${other}`);
  expect(twice(11)?.framing).toEqual({ kind: "length", length: 11 });
  expect(() => twice(12)).toThrow('content-length of "11, 12"');
});

test("codings on several lines are one list", () =>
  expect(headOf("HTTP/1.1 200 OK", "transfer-encoding: gzip", "transfer-encoding: chunked")?.framing).toEqual({
    kind: "chunked",
  }));

test("an interim answer is none", () => expect(headOf("HTTP/1.1 100 Continue")).toBeUndefined());
