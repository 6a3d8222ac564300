import { isUtf8 } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError, DetailError } from "../request/api-error.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * The text of a body that says it is JSON, in the turn of the event loop in which its last byte is read.
 * @throws ApiError in vLLM's wording when it says something else
 */
export async function readJson(request: IncomingMessage): Promise<string> {
  const body = await readBody(request);
  const [type = ""] = (request.headers["content-type"] ?? "").split(";", 1);
  if (type.trim().toLowerCase() === "application/json") return textOf(body);
  const message = "1 validation error:\n  Unsupported Media Type: Only 'application/json' is allowed";
  throw new ApiError(400, "Bad Request", message);
}

function textOf(body: Buffer): string {
  if (isUtf8(body)) return body.toString("utf8");
  throw new DetailError(400, "Bad Request", "There was an error parsing the body");
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", reject);
  });
}

export function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

export function sendNothing(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-length": 0 }).end();
}
