import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { LocalEngine } from "../../src/engine/engine.ts";
import type { EngineError } from "../../src/engine/engine-error.ts";
import { freePort } from "../../src/engine/launch/port.ts";
import { loadEngineRecord } from "../../src/engine/record.ts";
import { startEngine } from "../../src/engine/start.ts";
import { engineProcesses, engineRuns } from "../../src/engine/stop.ts";
import { engineFile } from "../../src/working-folder/names.ts";
import { addExecutable, engineRoom, FIXTURES, pidsOf } from "../support/fake-engine.ts";
import { recordingTools } from "../support/recording-tools.ts";

const SERVER_LOG = join(FIXTURES, "vllm-0.32.0-server.log");
const BAD_FLAG_LOG = join(FIXTURES, "vllm-0.32.0-bad-flag.log");

type Room = Awaited<ReturnType<typeof engineRoom>>;

/** Starts an engine that must not come up; hands back the error. */
async function failToStart(room: Room, options: LocalEngine, tools = recordingTools({ env: room.env })) {
  const error = await startEngine(options, tools).then(
    () => expect.unreachable("the engine came up"),
    (thrown: EngineError) => thrown,
  );
  expect(existsSync(engineFile(room.output))).toBe(false);
  return error;
}

/** The port is free again and no process writes to the log any more. */
async function expectNothingLeft({ output }: Room, { host, port }: LocalEngine) {
  expect(await freePort(host, port!)).toBe(port);
  const before = await readFile(join(output, "logs", "engine.log"), "utf8");
  await sleep(300);
  expect(await readFile(join(output, "logs", "engine.log"), "utf8")).toBe(before);
}

describe("an engine that comes up", () => {
  test("is recorded with the phases of its start, as its log tells them", async () => {
    await using room = await engineRoom();
    expect((await room.start("--fake-log", SERVER_LOG)).startPhases).toEqual({ initSeconds: 2.79 });
    expect(await room.start()).not.toHaveProperty("startPhases");
  });

  test("is recorded with what it says of itself, and runs on", async () => {
    await using room = await engineRoom();
    const record = await room.start("--max-model-len", "2048", "--fake-log", SERVER_LOG);
    expect(record).toMatchObject({
      kind: "vllm",
      model: "tiny-llama",
      modelPath: "tiny-llama",
      version: "0.32.0",
      maxModelLen: 2048,
      dtype: "bfloat16",
      args: ["--max-model-len", "2048", "--fake-log", SERVER_LOG],
      logFile: join(room.output, "logs", "engine.log"),
    });
    expect(record.command.slice(0, 3)).toEqual([room.env.PITWALL_VLLM, "serve", "tiny-llama"]);
    expect(await loadEngineRecord(room.output)).toEqual(record);
    expect(engineRuns(record)).toBe(true);
    expect((await fetch(`${record.baseUrl}/health`)).status).toBe(200);
  });

  test("is waited for while nobody listens yet", async () => {
    await using room = await engineRoom();
    const record = await room.start("--fake-ready-after", "700");
    expect(record.secondsToReady).toBeGreaterThan(0.7);
  });

  test("has no proxy between itself and loopback", async () => {
    await using room = await engineRoom();
    room.env = { ...room.env, no_proxy: "registry.example", NODE_USE_ENV_PROXY: "1", http_proxy: "http://127.0.0.1:9" };
    const record = await room.start();
    const log = readFileSync(record.logFile!, "utf8");
    const expected = "registry.example,localhost,127.0.0.1,0.0.0.0";
    expect(log).toContain(`environment {"NO_PROXY":"${expected}","no_proxy":"${expected}"}`);
  });

  test("is found on PATH when PITWALL_VLLM is not set", async () => {
    await using room = await engineRoom();
    room.env = { ...process.env, PITWALL_VLLM: "", PATH: `${room.bin}:${process.env.PATH}` };
    expect((await room.start()).command[0]).toBe("vllm");
  });

  test("is the embedded simulator when so asked, on a port of its own", async () => {
    await using room = await engineRoom();
    const options = {
      ...(await room.options("--max-model-len", "1024")),
      kind: "simulated",
      model: "sim/h100-8b",
    } as const;
    const record = await startEngine({ ...options, port: undefined }, recordingTools());
    room.stopLater(record);
    expect(record).toMatchObject({ kind: "simulated", model: "sim/h100-8b", maxModelLen: 1024, dtype: null });
    expect(new URL(record.baseUrl!).port).not.toBe("8000");
    expect(record.version).toMatch(/./);
  });
});

describe("an engine that does not come up", () => {
  test("and ends is noticed at once, with the end of its log", async () => {
    await using room = await engineRoom();
    const options = await room.options("--fake-log", BAD_FLAG_LOG, "--fake-exit", "1");
    const error = await failToStart(room, options);
    expect(error).toMatchObject({
      name: "EngineError",
      reason: "engine_crashed",
      detail:
        "the engine ended with exit code 1 before it was healthy: the engine refuses its configuration (max_num_batched_tokens): Input should be greater than or equal to 1; correct it in --engine-args",
    });
    expect(error.logTail?.split("\n")).toHaveLength(50);
    expect(error.logTail).toContain("ValidationError: 2 validation errors for SchedulerConfig");
    expect(error.message).toBe(`${error.detail}\nLast lines of the engine's log:\n${error.logTail}`);
    await expectNothingLeft(room, options);
  });

  test("because memory ran out is told from other crashes", async () => {
    await using room = await engineRoom();
    await addExecutable(
      room.bin,
      "vllm",
      'echo "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB"; exit 1',
    );
    expect(await failToStart(room, await room.options())).toMatchObject({ reason: "out_of_memory" });
  });

  test("because it was killed is told with the likely cause", async () => {
    await using room = await engineRoom();
    await addExecutable(room.bin, "vllm", "kill -KILL $$");
    const { detail } = await failToStart(room, await room.options());
    expect(detail).toBe(
      "the engine ended by the signal SIGKILL before it was healthy: it was killed (SIGKILL, exit code 137), as the kernel does when main memory runs out; look into dmesg, and take a machine or a container limit with more memory",
    );
  });

  test.each(["503", "silent"])("because /health stays %s is stopped at the limit", async (health) => {
    await using room = await engineRoom();
    const options = { ...(await room.options("--fake-health", health)), startTimeoutSeconds: 1.5 };
    const error = await failToStart(room, options);
    expect(error.reason).toBe("startup_timeout");
    expect(error.detail).toContain(`not healthy within 1.5 s (http://127.0.0.1:${options.port}/health)`);
    expect(error.logTail).toContain("environment");
    await expectNothingLeft(room, options);
  });

  test("takes the workers that it left behind along", async () => {
    await using room = await engineRoom();
    await addExecutable(room.bin, "vllm", "(echo worker; exec sleep 1000) & sleep 0.2; exit 3");
    const options = await room.options();
    const error = await failToStart(room, options);
    expect(error.detail).toContain("exit code 3");
    await expectNothingLeft(room, options);
  });

  test("because the run was cancelled is stopped", async () => {
    await using room = await engineRoom();
    const cancel = new AbortController();
    const options = await room.options("--fake-health", "503");
    const failing = failToStart(room, options, recordingTools({ env: room.env, signal: cancel.signal }));
    await expect.poll(() => existsSync(join(room.output, "engine.starting.json"))).toBe(true);
    cancel.abort();
    expect(await failing).toMatchObject({ reason: "cancelled" });
    expect(existsSync(join(room.output, "engine.starting.json"))).toBe(false);
    await expectNothingLeft(room, options);
  });

  test("because it ended right after it was healthy has crashed, whatever question found that out", async () => {
    await using room = await engineRoom();
    const options = await room.options("--fake-die-when-asked");
    await expect(startEngine(options, recordingTools(room))).rejects.toMatchObject({
      reason: "engine_crashed",
      detail: expect.stringContaining("ended unexpectedly"),
    });
  });

  test("because it wants an API key is stopped and says so", async () => {
    await using room = await engineRoom();
    const options = await room.options("--fake-api-key");
    const error = await failToStart(room, options);
    expect(error.reason).toBe("environment");
    expect(error.detail).toContain("it wants an API key");
    await expectNothingLeft(room, options);
  });

  test("because vLLM is not installed says how to get it", async () => {
    await using room = await engineRoom();
    room.env = { ...room.env, PITWALL_VLLM: "/nowhere/bin/vllm" };
    const error = await failToStart(room, await room.options());
    expect(error.reason).toBe("environment");
    expect(error.message).toBe(
      "/nowhere/bin/vllm was not found: install vLLM (pip install vllm), or set PITWALL_VLLM to the program in its virtual environment, for example /opt/vllm/bin/vllm",
    );
  });

  test("because its program may not be executed says so", async () => {
    await using room = await engineRoom();
    room.env = { ...room.env, PITWALL_VLLM: SERVER_LOG };
    const { message } = await failToStart(room, await room.options());
    expect(message).toBe(`${SERVER_LOG} may not be executed: check its permissions`);
  });

  test("because the port is taken names the port", async () => {
    await using room = await engineRoom();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const error = await failToStart(room, { ...(await room.options()), port });
    server.close();
    expect(error.reason).toBe("environment");
    expect(error.message).toBe(
      `port ${port} on 127.0.0.1 is taken by another program; stop it (ss -ltnp shows it) or choose another --port`,
    );
  });

  test("because the address is not this machine's says so", async () => {
    await using room = await engineRoom();
    const error = await failToStart(room, { ...(await room.options()), host: "192.0.2.7" });
    expect(error.message).toBe("192.0.2.7 is no address of this machine; choose another --host, for example 127.0.0.1");
  });

  test("because the log cannot be written says so", async () => {
    await using room = await engineRoom();
    const output = join(SERVER_LOG, "below-a-file");
    await expect(startEngine({ ...(await room.options()), output }, recordingTools({ env: room.env }))).rejects.toThrow(
      `${output}/logs/engine.log could not be written: a part of the path is a file`,
    );
  });
});

test("an engine that an earlier start left running is stopped first, with a warning", async () => {
  await using room = await engineRoom();
  const first = await room.start();
  const tools = recordingTools({ env: room.env });
  const second = await startEngine({ ...(await room.options()), port: Number(new URL(first.baseUrl!).port) }, tools);
  room.stopLater(second);
  expect(tools.said).toEqual([
    `warning: the engine that was started in ${room.output} before (pid ${first.pid}) still runs; stopping it`,
  ]);
  expect(engineProcesses(first)).toEqual([]);
  expect(pidsOf(second)).toEqual([second.pid]);
});
