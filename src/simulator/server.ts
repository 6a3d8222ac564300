import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { messageOf } from "../errors.ts";
import { VERSION } from "../package-root.ts";
import { answer } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import { type Endpoint, type Model, parseGenerationRequest } from "./api-request.ts";
import type { Engine } from "./engine.ts";
import { metricsText } from "./prometheus.ts";
import { failsOnPurpose, purposefulError, type TestAids } from "./test-aids.ts";

export interface SimulatedServer {
  engine: Engine;
  model: Model;
  kvCacheTokens: number;
  aids: TestAids;
  /** Called when a generation has been answered in full. @param completed how many so far */
  onCompleted: (completed: number) => void;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** The HTTP interface of a simulated engine, not yet listening. */
export function createSimulatedServer(simulated: SimulatedServer): Server {
  const routes = createRoutes(simulated);
  const server = createServer(async (request, response) => {
    response.setHeader("Server", "pitwall-simulated");
    try {
      await findHandler(routes, request)(request, response);
    } catch (error) {
      sendError(response, error);
    }
  });
  // Longer than a client keeps an idle connection: the side that opened it closes it, and no request meets a closed one.
  server.keepAliveTimeout = 120_000;
  return server;
}

function createRoutes(simulated: SimulatedServer): Record<string, Record<string, Handler>> {
  const { engine, model, kvCacheTokens, aids } = simulated;
  const started = Math.floor(Date.now() / 1000);
  const generate = generationHandlers(simulated);
  return {
    "/health": {
      GET: (_, response) => {
        response.writeHead(aids.neverHealthy ? 503 : 200, { "content-length": 0 }).end();
      },
    },
    "/version": { GET: (_, response) => sendJson(response, { version: `${VERSION}-simulated` }) },
    "/v1/models": { GET: (_, response) => sendJson(response, modelList(model, started)) },
    "/metrics": {
      GET: (_, response) => {
        response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
        response.end(metricsText(model.name, engine.stats(), kvCacheTokens));
      },
    },
    "/v1/completions": { POST: generate("completions") },
    "/v1/chat/completions": { POST: generate("chat") },
  };
}

function findHandler(routes: ReturnType<typeof createRoutes>, { method = "GET", url = "/" }: IncomingMessage): Handler {
  const path = url.split("?", 1)[0] as string;
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) throw new ApiError(404, "Not Found", "Not Found");
  const handler = route[method];
  if (handler === undefined) throw new ApiError(405, "Method Not Allowed", "Method Not Allowed");
  return handler;
}

function generationHandlers({ engine, model, aids, onCompleted }: SimulatedServer): (endpoint: Endpoint) => Handler {
  let received = 0;
  let completed = 0;
  return (endpoint) => async (request, response) => {
    const text = await readBody(request);
    received += 1;
    if (failsOnPurpose(aids, received)) throw purposefulError(aids);
    const generation = parseGenerationRequest(endpoint, text, model);
    response.on("finish", () => {
      completed += 1;
      onCompleted(completed);
    });
    answer(generation, engine, response);
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function sendError(response: ServerResponse, error: unknown): void {
  const known = error instanceof ApiError ? error : new ApiError(500, "InternalServerError", messageOf(error));
  if (response.headersSent) response.destroy();
  else response.writeHead(known.status, { "content-type": "application/json" }).end(known.body());
}

function modelList({ name, maxModelLen }: Model, created: number): unknown {
  const permission = {
    id: "modelperm-simulated",
    object: "model_permission",
    created,
    allow_create_engine: false,
    allow_sampling: true,
    allow_logprobs: false,
    allow_search_indices: false,
    allow_view: true,
    allow_fine_tuning: false,
    organization: "*",
    group: null,
    is_blocking: false,
  };
  const model = { id: name, object: "model", created, owned_by: "pitwall-simulated", root: name, parent: null };
  return { object: "list", data: [{ ...model, max_model_len: maxModelLen, permission: [permission] }] };
}
