import { expect, test } from "vitest";
import { httpRequest, requestSource } from "../../../src/load/thread/request-source.ts";
import type { FreshRequests } from "../../../src/load/thread/thread-order.ts";

const ROUTE = { host: "[::1]:8000", path: "/base/v1/completions", idPrefix: "pitwall-" };
const FRESH: FreshRequests = {
  kind: "fresh",
  prompts: { kind: "random", inputLen: 5, outputLen: 3, rangeRatio: 0, sharedPrefix: 0 },
  api: { model: "m", endpoint: "completions", continuousUsage: false, temperature: 0 },
  draw: { seed: 1, part: "measured" },
  route: ROUTE,
};
const bodyOf = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString("utf8").split("\r\n\r\n")[1]!);

test("an HTTP request is one piece: head, empty line, body, the length in bytes", () => {
  const request = httpRequest(ROUTE, 7, Buffer.from("“größe”")).toString("utf8");
  expect(request.split("\r\n")).toEqual([
    "POST /base/v1/completions HTTP/1.1",
    "host: [::1]:8000",
    "content-type: application/json",
    "accept: text/event-stream",
    "x-request-id: pitwall-7",
    "content-length: 13",
    "",
    "“größe”",
  ]);
});

test("requests are made when their turn comes, in any order, the same for the same number", () => {
  const take = requestSource(FRESH);
  const [third, first] = [take(3), take(1)];
  expect(bodyOf(third.bytes)).toMatchObject({ model: "m", max_tokens: 3, stream: true });
  expect([third.askedInputTokens, third.askedOutputTokens]).toEqual([5, 3]);
  expect(bodyOf(first.bytes).prompt).not.toEqual(bodyOf(third.bytes).prompt);
  expect(requestSource(FRESH)(3)).toEqual(third);
});

test("another seed or part makes other prompts", () => {
  const promptOf = (draw: FreshRequests["draw"]) => bodyOf(requestSource({ ...FRESH, draw })(0).bytes).prompt.join();
  const prompts = [
    promptOf({ seed: 1, part: "measured" }),
    promptOf({ seed: 2, part: "measured" }),
    promptOf({ seed: 1, part: "warm-up" }),
  ];
  expect(new Set(prompts).size).toBe(3);
});
