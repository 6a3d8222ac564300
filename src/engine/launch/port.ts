import { once } from "node:events";
import { createServer } from "node:net";
import { EngineError } from "../engine-error.ts";

/**
 * Makes sure that an engine can listen there.
 * @param port 0 asks for any free one
 * @returns the port
 * @throws EngineError (environment) naming the port and what to do
 */
export async function freePort(host: string, port: number): Promise<number> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, "listening");
    return (server.address() as { port: number }).port;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new EngineError({ reason: "environment", detail: explain(code, message, host, port), cause });
  } finally {
    server.close();
  }
}

function explain(code: string | undefined, message: string, host: string, port: number): string {
  switch (code) {
    case "EADDRINUSE":
      return `port ${port} on ${host} is taken by another program; stop it (ss -ltnp shows it) or choose another --port`;
    case "EACCES":
      return `port ${port} needs root; choose a --port above 1023`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine; choose another --host, for example 127.0.0.1`;
    default:
      return `port ${port} on ${host} cannot be listened on: ${message}`;
  }
}
