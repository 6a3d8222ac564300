import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** Below the limit of a test, so that the server is stopped. */
const START_WITHIN_MS = 90_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** MLflow's own tracking server on loopback with an empty store. */
export async function startMlflow(venv: string): Promise<{ url: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "pitwall-mlflow-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const store = ["--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`, "--artifacts-destination", folder];
  const args = ["server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1", ...store];
  const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true", DO_NOT_TRACK: "true" };
  // A group of its own: the server is a supervisor and its workers.
  const server = spawn(join(venv, "bin/mlflow"), args, { cwd: folder, env, stdio: "ignore", detached: true });
  const ended = once(server, "exit");
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) process.kill(-server.pid!, "SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const limit = Date.now() + START_WITHIN_MS; Date.now() < limit; await setTimeout(100)) {
      if (server.exitCode !== null) throw new Error(`mlflow ended with ${server.exitCode}`);
      const answer = await fetch(`${url}/health`).catch(() => undefined);
      if (answer?.ok) return { url, [Symbol.asyncDispose]: stop };
    }
    throw new Error("mlflow does not start");
  } catch (error) {
    await stop();
    throw error;
  }
}
