import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

interface Behaviour {
  tags: readonly string[];
  /** Entries of a page of tags, whatever is asked for. */
  page?: number;
  /** Wants a token for everything, and gives one to everybody. */
  wantsToken?: boolean;
  /** Answers everything with this. */
  status?: number;
  /** Where a list goes on, instead of here. */
  nextHost?: string;
}

const REPOSITORY = "acme/vllm";

/** A registry with one repository, `acme/vllm`, by version 2 of the HTTP interface. */
export async function registryServer({ tags, page = 1000, wantsToken = false, status, nextHost = "" }: Behaviour) {
  const asked: string[] = [];
  const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const isMissing = ({ headers }: IncomingMessage) => wantsToken && headers.authorization !== "Bearer for-anybody";
  const server = createServer((request, response) => {
    const url = new URL(request.url!, `http://${host()}`);
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    if (status !== undefined) return response.writeHead(status).end();
    if (url.pathname === "/token") return response.end(JSON.stringify({ token: "for-anybody" }));
    if (isMissing(request)) {
      const challenge = `Bearer realm="http://${host()}/token",service="a registry",scope="repository:${REPOSITORY}:pull"`;
      return response.writeHead(401, { "www-authenticate": challenge }).end("{}");
    }
    const [, rest] = /^\/v2\/acme\/vllm\/(.*)$/.exec(url.pathname) ?? [];
    const [, tag] = /^manifests\/(.*)$/.exec(rest ?? "") ?? [];
    if (tag !== undefined) return response.writeHead(tags.includes(decodeURIComponent(tag)) ? 200 : 404).end();
    if (rest !== "tags/list") return response.writeHead(404).end(JSON.stringify({ errors: [] }));
    const start = tags.indexOf(url.searchParams.get("last") ?? "") + 1;
    const part = tags.slice(start, start + page);
    const isWhole = start + page >= tags.length;
    const next = `${nextHost}/v2/${REPOSITORY}/tags/list?last=${encodeURIComponent(part.at(-1) ?? "")}&n=${page}`;
    response.writeHead(200, isWhole ? {} : { link: `<${next}>; rel="next"` });
    return response.end(JSON.stringify({ name: REPOSITORY, tags: part }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    /** As in an image's name. */
    repository: `${host()}/${REPOSITORY}`,
    host: host(),
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
