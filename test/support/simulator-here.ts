import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { assembleServer } from "../../src/simulator/assemble.ts";
import { WallClock } from "../../src/simulator/engine/clock.ts";
import { parseOptions } from "../../src/simulator/options.ts";
import { JSON_HEADERS } from "./json-headers.ts";

export interface SimulatorHere extends AsyncDisposable {
  url: string;
  /** Sends JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** A simulated engine in this process, which costs no start; on a port of its own until it goes out of scope. */
export async function simulatorHere(...args: string[]): Promise<SimulatorHere> {
  const options = parseOptions(["--model", "sim/tiny", ...args]);
  const server = await assembleServer(options, { clock: new WallClock(), truth: null, onCompleted: () => {} });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    post(path, body, headers = {}) {
      const all = { ...JSON_HEADERS, ...headers };
      return fetch(url + path, { method: "POST", headers: all, body: JSON.stringify(body) });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
