import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers like Slack's webhook host: `ok`, or an error status with a word. */
export async function slackHost(status = 200) {
  const messages: { text: string; blocks: unknown[] }[] = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    messages.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(status).end(status === 200 ? "ok" : "invalid_token");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/secret`;
  return { url, messages, [Symbol.dispose]: () => void server.close() };
}
