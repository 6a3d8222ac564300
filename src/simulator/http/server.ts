import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { messageOf } from "../../errors.ts";
import { VERSION } from "../../package-root.ts";
import { ApiError, DetailError } from "../request/api-error.ts";
import { isAuthorized, UNAUTHORIZED } from "./api-key.ts";
import { generationHandlers } from "./generate.ts";
import { type Handler, readJson, sendJson, sendNothing } from "./http-messages.ts";
import { modelList } from "./model-list.ts";
import { metricsText } from "./prometheus.ts";
import type { SimulatedServer } from "./simulated-server.ts";
import { detokenize, tokenize } from "./tokenize.ts";

/** The HTTP interface of a simulated engine, not yet listening. */
export function createSimulatedServer(simulated: SimulatedServer): Server {
  const server = createServer(async (request, response) => {
    response.setHeader("Server", "pitwall-simulated");
    try {
      if (!isAuthorized(request, simulated.apiKey)) throw UNAUTHORIZED;
      await findHandler(routes, request)(request, response);
    } catch (error) {
      sendError(response, error);
    }
  });
  const routes = createRoutes(simulated, server);
  // Longer than a client keeps an idle connection: the side that opened it closes it, and no request meets a closed one.
  server.keepAliveTimeout = 120_000;
  return server;
}

function createRoutes(simulated: SimulatedServer, server: Server): Record<string, Record<string, Handler>> {
  const { engine, model, aids } = simulated;
  const started = Math.floor(Date.now() / 1000);
  const generate = generationHandlers(simulated, server);
  return {
    "/health": { GET: (_, response) => sendNothing(response, aids.neverHealthy ? 503 : 200) },
    "/ping": { GET: (_, response) => sendNothing(response, 200), POST: (_, response) => sendNothing(response, 200) },
    "/version": { GET: (_, response) => sendJson(response, { version: `${VERSION}-simulated` }) },
    "/load": { GET: (_, response) => sendJson(response, { server_load: generate.underWay() }) },
    "/v1/models": { GET: (_, response) => sendJson(response, modelList(model, started)) },
    "/metrics": {
      GET: (_, response) => {
        response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
        response.end(metricsText(model.name, engine, simulated));
      },
    },
    "/tokenize": { POST: async (request, response) => sendJson(response, tokenize(await readJson(request), model)) },
    "/detokenize": {
      POST: async (request, response) => sendJson(response, detokenize(await readJson(request), model)),
    },
    "/reset_prefix_cache": {
      POST: (_, response) => {
        engine.resetPrefixCache();
        sendNothing(response, 200);
      },
    },
    "/v1/completions": { POST: generate.handler("completions") },
    "/v1/chat/completions": { POST: generate.handler("chat") },
  };
}

function findHandler(routes: ReturnType<typeof createRoutes>, { method = "GET", url = "/" }: IncomingMessage): Handler {
  // The web framework leads a path with a slash at its end to the one without.
  const path = (url.split("?", 1)[0] as string).replace(/(?<=.)\/$/, "");
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) throw new DetailError(404, "Not Found", "Not Found");
  const handler = route[method];
  if (handler === undefined) throw new DetailError(405, "Method Not Allowed", "Method Not Allowed");
  return handler;
}

function sendError(response: ServerResponse, error: unknown): void {
  const known = error instanceof ApiError ? error : new ApiError(500, "InternalServerError", messageOf(error));
  if (response.headersSent) response.destroy();
  else response.writeHead(known.status, { "content-type": "application/json" }).end(known.body());
}
