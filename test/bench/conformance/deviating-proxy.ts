import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { exchange } from "../../../src/engine/server/page.ts";
import type { Answer } from "../../../src/functional/model/case.ts";
import type { Mutate } from "./mutations.ts";

interface Proxy extends AsyncDisposable {
  url: string;
}

/**
 * Stands before a server and makes the answers to each case wrong, which it knows by the user agent.
 * @param deviationOf undefined: the answer is passed on as it is
 */
export async function deviatingProxy(
  upstream: string,
  deviationOf: (id: string) => Mutate | undefined,
): Promise<Proxy> {
  const numbers = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const id = /^pitwall \((.*)\)$/.exec(request.headers["user-agent"] ?? "")?.[1] ?? "";
    const number = numbers.get(id) ?? 0;
    numbers.set(id, number + 1);
    const answer = await passOn(upstream, request);
    const { status, contentType, text } = wrongOf(deviationOf(id), answer, number);
    response.writeHead(status, { "content-type": contentType }).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An answer of another form than the mutation knows stays as it is, and the case will be one that nothing was seen of. */
function wrongOf(mutate: Mutate | undefined, answer: Answer, number: number): Answer {
  try {
    return mutate?.(answer, number) ?? answer;
  } catch {
    return answer;
  }
}

async function passOn(upstream: string, request: IncomingMessage) {
  const body = (await request.toArray()).join("");
  const { authorization, "content-type": type } = request.headers;
  const headers = { ...(authorization && { authorization }), ...(type && { "content-type": type }) };
  const method = request.method as "GET" | "POST";
  const question = { method, headers, ...(body === "" ? {} : { body }) };
  return await exchange(upstream + request.url, question, { limitMs: 60_000 });
}
