import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Options {
  /** Folder whose repositories are served. */
  root: string;
  /** `user:password` that a push needs; a fetch needs none. */
  credentials: string;
  /** A push with these credentials is answered with 403. */
  readOnly?: string;
  /** How the first pushes are answered, one status each, in GitHub's words for who asks too often. */
  limits?: (403 | 429)[];
}

const TOO_OFTEN = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

/** git's own smart HTTP server behind a password, on loopback. */
export async function gitHttpServer({ root, credentials, readOnly, limits = [] }: Options) {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams, search } = new URL(request.url ?? "/", "http://localhost");
    const isPush = pathname.endsWith("/git-receive-pack") || searchParams.get("service") === "git-receive-pack";
    const authorization = request.headers.authorization?.replace(/^basic/i, "Basic");
    authorizations.push(authorization);
    const limit = isPush ? limits.shift() : undefined;
    if (limit !== undefined) return response.writeHead(limit, { "content-type": "text/plain" }).end(TOO_OFTEN);
    if (isPush && readOnly !== undefined && authorization === basic(readOnly)) return response.writeHead(403).end();
    if (isPush && authorization !== basic(credentials)) {
      return response.writeHead(401, { "WWW-Authenticate": 'Basic realm="git"' }).end();
    }
    const env = {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      HOME: root,
      REMOTE_USER: "writer",
      REMOTE_ADDR: "127.0.0.1",
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"],
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
      GIT_PROTOCOL: request.headers["git-protocol"]?.toString(),
    };
    const backend = spawn("git", ["http-backend"], { env });
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    backend.on("close", () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf("\r\n\r\n");
      const headers = output
        .subarray(0, end)
        .toString()
        .split("\r\n")
        .map((line) => line.split(": ") as [string, string]);
      const status = Number(headers.find(([name]) => name === "Status")?.[1].slice(0, 3) ?? 200);
      response.writeHead(status, Object.fromEntries(headers)).end(output.subarray(end + 4));
    });
    return response;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What each request sent as Authorization, in order. */
    authorizations,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
