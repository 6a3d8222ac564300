import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { serve } from "../../support/simulated-room.ts";

const SERVER = new URL("../../fixtures/servers/closes-after-stream.py", import.meta.url).pathname;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function isUp(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Announces `Keep-Alive: timeout=5, max=100`, and closes after each streamed answer. */
async function closingServer() {
  const port = await freePort();
  const child = spawn("python3", [SERVER, String(port)], { stdio: "ignore" });
  const baseUrl = `http://127.0.0.1:${port}`;
  await expect.poll(() => isUp(`${baseUrl}/v1/models`), { timeout: 30_000, interval: 100 }).toBe(true);
  return {
    baseUrl,
    async [Symbol.asyncDispose]() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

test("a server that closes after each streamed answer, as llama.cpp's does, is measured whole", async () => {
  await using server = await closingServer();
  await using fixture = await createFixture();
  const common = { model: "x", baseUrl: server.baseUrl, telemetry: "false", pairs: "32:8", requestRate: undefined };
  const loads = [
    { concurrency: "1", numPrompts: "6", warmupRequests: "0" },
    { concurrency: "2", numPrompts: "12", warmupRequests: "1" },
    { requestRate: "20", numPrompts: "12", warmupRequests: "2" },
  ];
  for (const [index, load] of loads.entries()) {
    const output = fixture.getPath(`out-${index}`);
    await serve({ output, ...common, clientLimits: "off", ...load });
    const [cell] = await readCells(output);
    expect(gateCell(cell!)).toMatchObject({ status: "ok", metrics: { completed: Number(load.numPrompts) } });
    const resent = cell!.status === "measured" ? cell!.health?.resentRequests : -1;
    if (load.warmupRequests === "0") expect(resent).toBeGreaterThan(0);
    else expect(resent).toBeUndefined();
  }
});
