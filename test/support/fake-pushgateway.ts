import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How it answers a push: as a real one, or in a way that real ones and proxies have, too. */
type Manner =
  | "takes"
  | "refuses"
  | "fails"
  | "hangs"
  | "redirects"
  | "closes"
  | "forgets"
  | "busy-once"
  | "closes-once";

interface HeldGroup {
  labels: Record<string, string>;
  families: Map<string, { labels: Record<string, string>; value: string }[]>;
}

/** Answers like a Pushgateway 1.5.1: groups by their path, strict about what text it takes, `/api/v1/metrics`. */
export async function fakePushgateway(manner: Manner = "takes") {
  const state = { manner };
  const groups = new Map<string, HeldGroup>();
  const asked: { line: string; authorization: string | undefined }[] = [];
  const server = createServer(async (request, response) => {
    asked.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization });
    if (request.method === "GET") return void response.end(JSON.stringify(heldBy(groups)));
    const body = Buffer.concat(await request.toArray()).toString();
    if (state.manner === "takes") return act(request, response, body, groups);
    misbehave(state, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const series = () =>
    [...groups.values()].flatMap(({ labels, families }) =>
      [...families].flatMap(([name, samples]) =>
        samples.map(({ labels: own, value }) => ({ name, labels: { ...own, ...labels }, value: Number(value) })),
      ),
    );
  return {
    ...{ url, groups, asked, series, state },
    [Symbol.dispose]: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function misbehave(state: { manner: Manner }, request: IncomingMessage, response: ServerResponse): void {
  const { manner } = state;
  if (manner.endsWith("-once")) state.manner = "takes";
  if (manner === "refuses") response.writeHead(400).end("pushed metrics are invalid: \u001b[31mtwo types\n");
  if (manner === "fails") response.writeHead(500).end("disk full\n");
  if (manner === "busy-once") response.writeHead(503).end();
  if (manner === "redirects") response.writeHead(301, { location: "http://user:word@127.0.0.1:1/elsewhere" }).end();
  if (manner === "closes" || manner === "closes-once") request.socket.destroy();
  if (manner === "forgets") response.writeHead(200).end();
}

function act(request: IncomingMessage, response: ServerResponse, body: string, groups: Map<string, HeldGroup>): void {
  const labels = labelsIn(request.url!);
  const key = JSON.stringify(labels);
  if (request.method === "DELETE") {
    groups.delete(key);
    return void response.writeHead(202).end();
  }
  const problem = problemIn(body);
  if (problem !== undefined) return void response.writeHead(400).end(problem);
  const families = new Map([
    ...(request.method === "PUT" ? [] : (groups.get(key)?.families ?? [])),
    ...familiesIn(body),
  ]);
  groups.set(key, { labels, families });
  response.writeHead(200).end();
}

function labelsIn(url: string): Record<string, string> {
  const parts = url.replace(/^.*\/metrics\//, "").split("/");
  const pairs = parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1]!] as const] : []));
  return Object.fromEntries(
    pairs.map(([name, value]) =>
      name.endsWith("@base64")
        ? [name.replace("@base64", ""), Buffer.from(value, "base64url").toString()]
        : [name, decodeURIComponent(value)],
    ),
  );
}

const SAMPLE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;

function problemIn(body: string): string | undefined {
  if (!body.endsWith("\n")) return "unexpected end of input stream";
  const lines = body.split("\n").slice(0, -1);
  const bad = lines.find((line) => !line.startsWith("# ") && !SAMPLE.test(line));
  if (bad !== undefined) return `text format parsing error in ${bad}`;
  const told = lines.filter((line) => line.startsWith("# TYPE "));
  if (new Set(told).size < told.length) return "second TYPE line";
  const series = lines.filter((line) => !line.startsWith("# ")).map((line) => line.replace(/ \S+$/, ""));
  return new Set(series).size < series.length ? "collected before with the same name and label values" : undefined;
}

function familiesIn(body: string): HeldGroup["families"] {
  const samples = body.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = line.startsWith("# ") ? [] : (SAMPLE.exec(line) ?? []);
    return name === undefined ? [] : [{ name, labels: labelPairs(labels), value: value! }];
  });
  return Map.groupBy(samples, ({ name }) => name);
}

function labelPairs(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return Object.fromEntries(
    pairs.map(([, name, value]) => [name!, value!.replaceAll(/\\(.)/g, (_, one) => (one === "n" ? "\n" : one))]),
  );
}

function heldBy(groups: Map<string, HeldGroup>) {
  const data = [...groups.values()].map(({ labels, families }) => ({
    labels,
    last_push_successful: true,
    ...Object.fromEntries(
      [...families].map(([name, samples]) => {
        const metrics = samples.map(({ labels: own, value }) => ({
          labels: { instance: "", ...own, ...labels },
          value,
        }));
        return [name, { type: "GAUGE", help: "", metrics }];
      }),
    ),
  }));
  return { status: "success", data };
}
