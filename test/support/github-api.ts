import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Stored {
  id: number;
  body: string;
  /** Whoever the token is of. */
  author: string;
}

interface Options {
  /** Comments below the pull request, oldest first. */
  comments?: Stored[];
  /** Open pull requests, as the list of them has them. */
  pulls?: { number: number; head: string; sha: string }[];
  /** Refuses to write, as for the token of a fork. */
  readOnly?: boolean;
}

/** Comments a page of the list; GitHub's is 100, and nobody writes so many for a test. */
const PAGE = 2;

/** Answers like GitHub's API where comments of pull requests are concerned; the token's name is who writes. */
export async function githubApi({ comments = [], pulls = [], readOnly = false }: Options = {}) {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const sent = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
    const author = (request.headers.authorization ?? "").replace(/^(token|bearer) /i, "");
    const url = new URL(request.url!, "http://localhost");
    requests.push(`${request.method} ${url.pathname}`);
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (url.pathname === "/graphql") return answer(200, { data: page(comments, sent.variables.after, author) });
    if (url.pathname.endsWith("/pulls")) return answer(200, listed(pulls, url.searchParams));
    if (readOnly) return answer(403, { message: "Resource not accessible by integration" });
    if (request.method === "POST") {
      comments.push({ id: comments.length + 1, body: sent.body, author });
      return answer(201, {});
    }
    const id = Number(url.pathname.split("/").at(-1));
    comments.find((one) => one.id === id)!.body = sent.body;
    return answer(200, {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, comments, requests, [Symbol.dispose]: () => void server.close() };
}

function page(comments: readonly Stored[], after: string | null, author: string) {
  const start = after === null ? 0 : Number(after);
  const nodes = comments
    .slice(start, start + PAGE)
    .map((one) => ({ databaseId: one.id, body: one.body, viewerDidAuthor: one.author === author }));
  const pageInfo = { hasNextPage: start + PAGE < comments.length, endCursor: String(start + PAGE) };
  return { repository: { pullRequest: { comments: { nodes, pageInfo } } } };
}

const listed = (pulls: NonNullable<Options["pulls"]>, asked: URLSearchParams) =>
  pulls
    .filter(({ head }) => head === asked.get("head") && asked.get("state") === "open")
    .map(({ number, sha }) => ({ number, head: { sha } }));
