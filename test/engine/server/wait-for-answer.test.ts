import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { freePort } from "../../../src/engine/launch/port.ts";
import { waitForAnswer } from "../../../src/engine/server/wait-for-answer.ts";
import { recordingTools } from "../../support/recording-tools.ts";

test("a server that is started after the first look is waited for, which is said once", async () => {
  const port = await freePort("127.0.0.1", 0);
  const tools = recordingTools();
  const waiting = waitForAnswer({ baseUrl: `http://127.0.0.1:${port}/v1`, limitSeconds: 60 }, tools);
  await expect.poll(() => tools.said.join("\n"), { timeout: 30_000 }).toContain("does not answer yet (");
  const server = createServer((_, response) => void response.writeHead(401).end()).listen(port, "127.0.0.1");
  expect(await waiting).toBeLessThan(60);
  server.close();
  server.closeAllConnections();
  expect(tools.said.filter((line) => line.includes("does not answer yet"))).toHaveLength(1);
});

test("one that never comes is a startup_timeout, with the address and what came instead", async () => {
  const waiting = waitForAnswer({ baseUrl: "http://127.0.0.1:9/v1", limitSeconds: 0.1 }, recordingTools());
  await expect(waiting).rejects.toMatchObject({
    reason: "startup_timeout",
    message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:9\/health did not answer within 0\.1 s: .*ECONNREFUSED/),
  });
});

test("one that answers 5xx is still loading, whichever page says so", async () => {
  const waiting = ["/health", "/health", "/v1/models"];
  const server = createServer(({ url }, response) => {
    const isLoading = url === waiting[0];
    if (isLoading) waiting.shift();
    response.writeHead(isLoading ? 503 : 404).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const tools = recordingTools();
  await waitForAnswer({ baseUrl: `http://127.0.0.1:${port}`, limitSeconds: 60 }, tools);
  server.close();
  expect(waiting).toEqual([]);
  expect(tools.said.join("\n")).toContain("/health does not answer yet (status 503)");
});

test("waiting may be cancelled", async () => {
  const cancel = new AbortController();
  const waiting = waitForAnswer({ baseUrl: "http://127.0.0.1:9", limitSeconds: 60 }, recordingTools(cancel));
  cancel.abort();
  await expect(waiting).rejects.toMatchObject({ reason: "cancelled" });
});
