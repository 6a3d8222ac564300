import { spawn } from "node:child_process";
import { describe, expect, onTestFinished, test } from "vitest";
import { Telemetry } from "../../src/result/document/telemetry.ts";
import { watchTelemetry } from "../../src/telemetry/watch-telemetry.ts";
import { nvidiaRow, nvidiaSmi, toolRoom, UUID } from "../support/gpu-tools.ts";
import { metricsServer, vllmPage } from "../support/metrics-server.ts";

const signal = new AbortController().signal;
const NO_TOOLS = { PATH: "/nowhere" };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const engineAt = (baseUrl: string | null, kind: "vllm" | "remote" | "simulated" = "vllm") => ({
  kind,
  baseUrl,
  pid: null,
});

describe("telemetry of a cell", () => {
  test("holds what the engine and the GPU's tool said, and is a part of the cell's document", async () => {
    await using server = await metricsServer((read) => vllmPage({ running: read === 0 ? 0 : 2, queries: read * 100 }));
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [nvidiaRow(0)] }));
    const telemetrist = watchTelemetry({ engine: engineAt(server.url), env: room.env, signal, intervalSeconds: 0.02 });
    await expect.poll(() => room.started() && server.reads() > 3, { timeout: 20_000 }).toBe(true);
    await pause(300);
    const telemetry = Telemetry.parse(await telemetrist.finish());
    expect(telemetry).toMatchObject({
      engine: { running: { mean: 2, max: 2 }, prefixCacheHitTokens: 0 },
      gpu: { tool: "nvidia-smi", gpus: 1, powerW: { mean: 300 } },
      warnings: [],
    });
  });

  test("warns of all that makes its numbers doubtful", async () => {
    await using server = await metricsServer((read) =>
      vllmPage(read === 0 ? {} : { preemptions: 3, queries: 10_000, hits: 4000 }),
    );
    // We stand for the engine here, and our parent for somebody else.
    const apps = [`${UUID[0]}, ${process.pid}, VLLM::EngineCore`, `${UUID[0]}, ${process.ppid}, train.py`];
    const gpus = [nvidiaRow(0, { reasons: "0x0000000000000024" })];
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus, apps }));
    const telemetrist = watchTelemetry({ engine: engineAt(server.url), env: room.env, signal });
    await expect.poll(() => room.started() && server.reads() > 0, { timeout: 20_000 }).toBe(true);
    await pause(300);
    expect((await telemetrist.finish())!.warnings).toEqual([
      expect.stringMatching(
        /^The GPU lowered its clocks: software power cap \((\d+) of \1 samples\), software thermal slowdown \(\1 of \1 samples\)\.$/,
      ),
      `Another process uses the engine's GPU: pid ${process.ppid} (train.py).`,
      "The engine preempted sequences 3 times: its key-value cache is too small for this load, and it computed tokens anew.",
      expect.stringMatching(/^40\.0 % of the prompt tokens came from the engine's prefix cache/),
    ]);
  });

  test("knows a container's processes, which are not its client's, for the engine's own", async () => {
    const first = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    onTestFinished(() => void first.kill("SIGKILL"));
    const apps = [`${UUID[0]}, ${first.pid}, VLLM::EngineCore`];
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [nvidiaRow(0), nvidiaRow(1)], apps }));
    const container = { program: "docker", daemon: null, name: "pitwall-1", id: "1d", pid: first.pid! };
    const engine = { ...engineAt(null), kind: "docker", container } as const;
    const telemetrist = watchTelemetry({ engine, env: room.env, signal });
    await expect.poll(() => room.started(), { timeout: 20_000 }).toBe(true);
    await pause(300);
    expect(await telemetrist.finish()).toMatchObject({ gpu: { gpus: 1 }, warnings: [] });
  });

  test("does not warn of prefix-cache hits that are meant, nor of clocks that somebody set", async () => {
    await using server = await metricsServer((read) => vllmPage({ queries: read * 1000, hits: read * 400 }));
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [nvidiaRow(0, { reasons: "0x2" })] }));
    const engine = engineAt(server.url);
    const telemetrist = watchTelemetry({ engine, env: room.env, signal, intendedHits: { least: 0.4, most: 0.4 } });
    await expect.poll(() => room.started() && server.reads() > 0, { timeout: 20_000 }).toBe(true);
    await pause(300);
    const telemetry = await telemetrist.finish();
    expect(telemetry!.gpu!.throttling).toEqual(["application clocks setting"]);
    expect(telemetry!.warnings).toEqual([]);
  });

  test("leaves the warm-up out", async () => {
    const now = { running: 90, preemptions: 2 };
    await using server = await metricsServer(() => vllmPage(now));
    const engine = engineAt(server.url);
    const telemetrist = watchTelemetry({ engine, env: NO_TOOLS, signal, intervalSeconds: 0.02 });
    const someReads = async () => {
      const before = server.reads();
      await expect.poll(() => server.reads(), { timeout: 20_000 }).toBeGreaterThan(before + 3);
    };
    await someReads();
    Object.assign(now, { running: 1, preemptions: 10 });
    await someReads();
    const measuring = performance.now();
    await someReads();
    now.preemptions = 13;
    const telemetry = await telemetrist.finish((performance.now() - measuring) / 1000);
    expect(telemetry).toMatchObject({ engine: { running: { max: 1 }, preemptions: 3 } });
  });

  test("says in a sentence why a tool gave nothing", async () => {
    await using room = await toolRoom(
      "nvidia-smi",
      nvidiaSmi({ instead: "tell_pid; echo 'Failed to initialize NVML.'; exit 255" }),
    );
    const telemetrist = watchTelemetry({ engine: engineAt(null), env: room.env, signal });
    await expect.poll(room.started, { timeout: 20_000 }).toBe(true);
    await pause(300);
    expect(await telemetrist.finish()).toEqual({
      warnings: [
        'There is no GPU telemetry, because nvidia-smi ended with exit code 255: "Failed to initialize NVML.".',
      ],
    });
  });

  test("is nothing when nobody tells anything", async () => {
    const telemetrist = watchTelemetry({ engine: engineAt("http://127.0.0.1:9"), env: NO_TOOLS, signal });
    expect(await telemetrist.finish()).toBeUndefined();
    expect(await watchTelemetry({ engine: engineAt(null), env: NO_TOOLS, signal }).finish()).toBeUndefined();
  });

  test("is of no GPU here when the engine is simulated or elsewhere", async () => {
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [nvidiaRow(0)] }));
    const watched = async (url: string, kind: "remote" | "simulated" | "vllm") => {
      const telemetrist = watchTelemetry({ engine: engineAt(url, kind), env: room.env, signal });
      await pause(200);
      return (await telemetrist.finish())?.gpu?.tool;
    };
    expect(await watched("http://127.0.0.1:9", "simulated")).toBeUndefined();
    expect(await watched("http://127.0.0.2:9", "remote")).toBe("nvidia-smi");
    expect(await watched("http://gpu.invalid:8000", "remote")).toBeUndefined();
    expect(room.runs()).toBe(false);
  });

  test("that is cut short by an abort says what there was, without a complaint", async () => {
    await using server = await metricsServer((read) => vllmPage({ running: read }));
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [nvidiaRow(0)] }));
    const run = new AbortController();
    const engine = engineAt(server.url);
    const telemetrist = watchTelemetry({ engine, env: room.env, signal: run.signal, intervalSeconds: 0.02 });
    await expect.poll(() => room.started() && server.reads() > 3, { timeout: 20_000 }).toBe(true);
    run.abort();
    await expect.poll(room.runs, { timeout: 20_000 }).toBe(false);
    const telemetry = await telemetrist.finish();
    expect(telemetry!.engine!.running!.max).toBeGreaterThan(0);
    expect(telemetry!.warnings).toEqual([]);
  });
});
