import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { freePort } from "../../src/engine/port.ts";
import { doctor } from "../../src/verbs/doctor.ts";
import { recordingTools } from "../support/recording-tools.ts";

const NO_VLLM = { ...process.env, PITWALL_VLLM: "/nowhere/vllm", PITWALL_PYTHON: "/nowhere/python3" };

async function examine(engine: "simulated" | "vllm", port?: number) {
  const inputs = { engine, port: port ?? (await freePort("127.0.0.1", 0)) };
  return doctor.run(inputs, recordingTools({ env: NO_VLLM }));
}

test("a machine without vLLM is fine for the simulated engine", async () => {
  const outcome = await examine("simulated");
  expect(outcome.text).toMatch(/✓ Node: 24\./);
  expect(outcome.text).toMatch(/✓ git: git version/);
  expect(outcome.text).toMatch(/– vLLM: no vllm in \/nowhere\/python3/);
  expect(outcome.ok).toBe(!outcome.text?.includes("✗"));
});

test("for vLLM it says what is missing and how to mend it", async () => {
  const outcome = await examine("vllm");
  expect(outcome.ok).toBe(false);
  expect(outcome.text).toMatch(/✗ vLLM: .* → pip install vllm, or name .*PITWALL_VLLM/);
});

test("a taken port is named, with the command that finds its owner", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const outcome = await examine("simulated", port);
  server.close();
  expect(outcome.ok).toBe(false);
  expect(outcome.text).toContain(`ss -ltnp "sport = :${port}"`);
});
