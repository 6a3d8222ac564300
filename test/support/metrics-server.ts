import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface MetricsServer extends AsyncDisposable {
  url: string;
  /** Connections that were made to it. */
  connections(): number;
  /** Requests for /metrics that it got. */
  reads(): number;
}

/** What a read of `/metrics` gets: a text for 200, a status without a body, or whatever the function does. */
type Answer = string | number | ((request: IncomingMessage, response: ServerResponse) => void);

/** Stands in for an engine that shows only `/metrics`. @param answer by number of the read, from 0 on */
export async function metricsServer(answer: (read: number) => Answer): Promise<MetricsServer> {
  let reads = 0;
  let connections = 0;
  const server = createServer((request, response) => {
    const given = request.url === "/metrics" ? answer(reads++) : 404;
    if (typeof given === "function") given(request, response);
    else if (typeof given === "number") response.writeHead(given).end();
    else response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(given);
  });
  server.on("connection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    reads: () => reads,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A page as vLLM's, with the metrics that we read. */
export function vllmPage({ running = 0, preemptions = 0, queries = 0, hits = 0 } = {}): string {
  const samples = {
    num_requests_running: running,
    num_requests_waiting: 0,
    kv_cache_usage_perc: running / 100,
    num_preemptions_total: preemptions,
    prefix_cache_queries_total: queries,
    prefix_cache_hits_total: hits,
  };
  return Object.entries(samples)
    .map(([name, value]) => `# HELP vllm:${name} .\nvllm:${name}{engine="0",model_name="m"} ${value}\n`)
    .join("");
}
