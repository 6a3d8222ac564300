import { existsSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { stopEngine } from "../../../src/engine/stop.ts";
import { signalGroup } from "../../../src/machine/process.ts";
import type { Cell } from "../../../src/result/document/cell.ts";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { addExecutable } from "../../support/fake-engine.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { FAST, serve, simulatedEngine } from "../../support/simulated-room.ts";
import { startSimulator } from "../../support/simulator.ts";

const statusOf = (cells: readonly Cell[]) => cells.map(({ status }) => status);

describe("against a simulated engine", () => {
  test("measures every cell at its rate, writes it, and says how it went", async () => {
    await using room = await simulatedEngine();
    const outcome = await room.serve();
    expect(outcome).toMatchObject({ ok: true, outputs: { cellsOk: 2, cellsFailed: 0 }, failures: [] });
    expect(outcome.text).toMatch(/30:4.*100 req\/s/);
    const cells = await room.cells();
    expect(cells.map(({ id }) => id)).toEqual([
      "serve-benchmark/in_30_out_4_rate_100",
      "serve-benchmark/in_50_out_5_rate_100",
    ]);
    for (const cell of cells) {
      expect(cell).toMatchObject({
        status: "measured",
        client: { kind: "pitwall" },
        health: { cpuSeconds: expect.any(Number) },
      });
      expect(gateCell(cell)).toMatchObject({
        status: "ok",
        metrics: { completed: 12, failed: 0, ttft_ms: { count: 12 } },
      });
    }
    expect(existsSync(`${room.output}/raw/serve-benchmark`)).toBe(false);
  });

  test("measures a closed loop, beside the cells of an earlier benchmark", async () => {
    await using room = await simulatedEngine();
    await room.serve();
    const closed = { requestRate: undefined, concurrency: "1,3", pairs: "30:4", numPrompts: undefined };
    expect(await room.serve(closed)).toMatchObject({ ok: true });
    const cells = await room.cells();
    expect(cells.map(({ id, params }) => [id, params.numPrompts])).toEqual([
      ["serve-benchmark/in_30_out_4_concurrency_1", 10],
      ["serve-benchmark/in_30_out_4_concurrency_3", 30],
      ["serve-benchmark/in_30_out_4_rate_100", 12],
      ["serve-benchmark/in_50_out_5_rate_100", 12],
    ]);
  });

  test("fails a cell in which a request failed, keeps what came, and goes on with the next", async () => {
    await using room = await simulatedEngine("--fail-every", "20");
    const outcome = await room.serve();
    expect(outcome).toMatchObject({ ok: false, outputs: { cellsOk: 1, cellsFailed: 1 } });
    const cells = await room.cells();
    expect(statusOf(cells)).toEqual(["measured", "measured"]);
    const detail = expect.stringMatching(/^1 of 12 requests failed: http_500 ×1\. First: http_500: simulated failure/);
    expect(cells.map((cell) => gateCell(cell))).toEqual([
      expect.objectContaining({ status: "ok" }),
      expect.objectContaining({ status: "failed", reason: "incomplete_requests", detail, completed: 11, failed: 1 }),
    ]);
    expect(outcome.failures).toEqual([
      expect.objectContaining({ reason: "incomplete_requests", detail: expect.stringMatching(/^1 of 12/) }),
    ]);
  });

  test("refuses a pair that does not fit the context before anything is sent or removed", async () => {
    await using room = await simulatedEngine("--max-model-len", "60");
    await room.serve();
    await expect(room.serve({ pairs: "30:4,50:11" })).rejects.toThrow(
      "input 50 + output 11 = 61 tokens do not fit the engine's context of 60",
    );
    expect(await room.cells()).toHaveLength(2);
  });
});

describe("an engine that dies", () => {
  test("in mid-cell fails that cell and the rest with the end of its log, and keeps what was measured", async () => {
    await using room = await simulatedEngine("--crash-after-requests", "20");
    const outcome = await room.serve({ pairs: "30:4,50:5,60:5", warmupRequests: "0" });
    expect(outcome).toMatchObject({ ok: false, outputs: { cellsOk: 1, cellsFailed: 2 } });
    const [first, second, third] = await room.cells();
    const crash = {
      status: "failed",
      reason: "engine_crashed",
      logTail: expect.stringContaining("simulated crash after 20"),
    };
    expect(first?.status).toBe("measured");
    expect(second).toMatchObject({ ...crash, measurement: { kind: "requests" } });
    expect(third).toMatchObject({ ...crash, measuredSeconds: 0 });
    expect(third).not.toHaveProperty("measurement");
    expect(gateCell(second!)).toMatchObject({ completed: expect.any(Number), failed: expect.any(Number) });
  });

  test("while requests wait for it ends the cell at once", async () => {
    await using room = await simulatedEngine();
    const running = room.serve({ pairs: "30:4", requestRate: "0.001", warmupRequests: "0" });
    await pause(500);
    signalGroup(room.engine.pid!, "SIGKILL");
    expect(await running).toMatchObject({ ok: false });
    expect(await room.cells()).toMatchObject([{ status: "failed", reason: "engine_crashed" }]);
  });

  test("before the benchmark fails every cell", async () => {
    await using room = await simulatedEngine();
    await stopEngine(room.engine, 1);
    expect(await room.serve()).toMatchObject({ ok: false, outputs: { cellsOk: 0, cellsFailed: 2 } });
    expect(await room.cells()).toMatchObject(Array(2).fill({ status: "failed", reason: "engine_crashed" }));
  });
});

test("a cancel keeps what the cell under way has, and skips the rest", async () => {
  await using room = await simulatedEngine();
  const stop = new AbortController();
  const tools = recordingTools({ signal: stop.signal });
  const update = (done: number) => void (done > 0.2 && stop.abort(new Error("Ctrl-C")));
  tools.report.progress = () => ({ update, end() {} });
  const outcome = await room.serve({ requestRate: "5" }, tools);
  expect(outcome).toMatchObject({ ok: false, outputs: { cellsOk: 0, cellsFailed: 2 } });
  const [first, second] = await room.cells();
  expect(first).toMatchObject({ status: "failed", reason: "cancelled", measurement: { kind: "requests" } });
  const { completed = 0, failed = 0 } = gateCell(first!) as { completed?: number; failed?: number };
  expect(completed).toBeGreaterThan(0);
  expect([failed > 0, completed + failed]).toEqual([true, 12]);
  expect(second).toMatchObject({ status: "skipped", reason: "cancelled" });
});

test("a server that somebody else runs is measured by its base URL", async () => {
  await using fixture = await createFixture();
  await using engine = await startSimulator();
  const outcome = await serve({ ...FAST, output: fixture.path, baseUrl: engine.url });
  expect(outcome).toMatchObject({ ok: true, outputs: { cellsOk: 2 } });
});

test.each([
  [{}, "run start-engine first or give --base-url"],
  [{ baseUrl: "http://127.0.0.1:9" }, "does not answer"],
])("without an engine (%j) it says what to do and writes nothing", async (given, message) => {
  await using fixture = await createFixture();
  await expect(serve({ ...FAST, output: fixture.getPath("out"), ...given })).rejects.toThrow(message);
  expect(existsSync(fixture.getPath("out"))).toBe(false);
});

describe("with client vllm", () => {
  const fakeBench = new URL("../../support/fake-bench-serve.ts", import.meta.url).pathname;

  /** @param cancelAfterMs of the cell's beginning */
  async function bench(mode: string, given: object = {}, cancelAfterMs?: number) {
    const room = await simulatedEngine();
    const program = await addExecutable(room.output, "vllm", `exec "${process.execPath}" "${fakeBench}" "$@"`);
    const env = { ...process.env, PITWALL_VLLM: program, FAKE_BENCH: mode };
    const stop = new AbortController();
    const tools = recordingTools({ env, signal: stop.signal });
    if (cancelAfterMs !== undefined) {
      const update = () => void setTimeout(() => stop.abort(), cancelAfterMs);
      tools.report.progress = () => ({ update, end() {} });
    }
    const outcome = await room.serve({ client: "vllm", pairs: "30:4", ...given }, tools);
    return { room, outcome, cells: await room.cells(), [Symbol.asyncDispose]: () => room[Symbol.asyncDispose]() };
  }

  test("the same cell is made from the file of vllm bench serve, which stays in raw", async () => {
    await using run = await bench("ok");
    expect(run.outcome).toMatchObject({ ok: true, outputs: { cellsOk: 1, cellsFailed: 0 } });
    const id = "serve-benchmark/in_30_out_4_rate_100";
    expect(run.cells).toMatchObject([
      { id, status: "measured", client: { kind: "vllm" }, measurement: { kind: "reported", tool: "vllm bench serve" } },
    ]);
    expect(gateCell(run.cells[0]!)).toMatchObject({
      status: "ok",
      metrics: { completed: 12, ttft_ms: { p99: expect.any(Number) } },
    });
    expect(existsSync(`${run.room.output}/raw/${id}.json`)).toBe(true);
    expect(readFileSync(`${run.room.output}/logs/bench-serve-in_30_out_4_rate_100.log`, "utf8")).toContain("Namespace");
  });

  test("vLLM gets exactly the parameters that the cell records", async () => {
    await using run = await bench("ok", { maxConcurrency: "7" });
    const [cell] = run.cells;
    const args: string[] = JSON.parse(readFileSync(`${run.room.output}/raw/${cell!.id}.json.args`, "utf8"));
    const option = (name: string) => args[args.indexOf(`--${name}`) + 1];
    const { params } = cell!;
    expect(args.slice(0, 2)).toEqual(["bench", "serve"]);
    expect({
      inputLen: Number(option("random-input-len")),
      outputLen: Number(option("random-output-len")),
      numPrompts: Number(option("num-prompts")),
      requestRate: Number(option("request-rate")),
      maxConcurrency: Number(option("max-concurrency")),
      warmupRequests: Number(option("num-warmups")),
      seed: Number(option("seed")),
      temperature: Number(option("temperature")),
      burstiness: 1,
    }).toEqual(params);
    expect(option("base-url")).toBe(run.room.engine.baseUrl);
    expect(option("tokenizer")).toBe(run.room.engine.modelPath);
    expect(args).toEqual(expect.arrayContaining(["--ignore-eos", "--save-result"]));
  });

  test("a run in which every request failed is failed, whatever its exit code", async () => {
    await using run = await bench("all-failed");
    expect(run.outcome.ok).toBe(false);
    expect(gateCell(run.cells[0]!)).toMatchObject({
      status: "failed",
      reason: "incomplete_requests",
      completed: 0,
      failed: 12,
    });
  });

  test.each([
    ["exit-1", "ended with exit code 1", "ValueError: no tokenizer"],
    ["no-file", "ended with exit code 0 but wrote no result file", "Namespace"],
    ["damaged", "is not valid JSON", "Namespace"],
    ["fifo", "is not a plain file", "Namespace"],
    ["giant", "is 1024.0 MiB, more than is read of such a file (500 MiB)", "Namespace"],
  ])("a client that fails (%s) makes the cell client_failed with its last words", async (mode, detail, logTail) => {
    await using run = await bench(mode);
    expect(run.cells).toMatchObject([
      {
        status: "failed",
        reason: "client_failed",
        detail: expect.stringContaining(detail),
        logTail: expect.stringContaining(logTail),
      },
    ]);
  });

  test("a cancel stops it", async () => {
    await using run = await bench("hang", {}, 500);
    expect(run.cells).toMatchObject([{ status: "failed", reason: "cancelled" }]);
  });

  test("a missing vllm fails the cells by its name", async () => {
    await using room = await simulatedEngine();
    const tools = recordingTools({ env: { ...process.env, PITWALL_VLLM: "/nowhere/vllm" } });
    const { ok, failures } = await room.serve({ client: "vllm" }, tools);
    expect(ok).toBe(false);
    expect(failures).toMatchObject([
      { reason: "client_failed", detail: expect.stringContaining("/nowhere/vllm could not be started") },
      { reason: "client_failed" },
    ]);
  });
});
