import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
};

/** File that a static host shows at a path, or undefined. */
export function fileAt(folder: string, base: string, pathname: string): string | undefined {
  if (!pathname.startsWith(base)) return undefined;
  const path = join(folder, decodeURIComponent(pathname.slice(base.length)));
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return path;
  const index = join(path, "index.html");
  return pathname.endsWith("/") && existsSync(index) ? index : undefined;
}

export interface StaticServer extends AsyncDisposable {
  /** Address of the site's front page, with its base path. */
  url: string;
}

/** Serves a folder under a base path, and nothing above it, on loopback. */
export async function serveFolder(folder: string, base: string): Promise<StaticServer> {
  const server = createServer(async (request, response) => {
    const file = fileAt(folder, base, new URL(request.url!, "http://localhost").pathname);
    if (file === undefined) return response.writeHead(404).end("not here");
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    response.end(await readFile(file));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
