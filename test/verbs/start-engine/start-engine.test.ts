import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freePort } from "../../../src/engine/launch/port.ts";
import { engineRuns } from "../../../src/engine/stop.ts";
import { UsageError } from "../../../src/errors.ts";
import { runningMembers } from "../../../src/machine/process-table.ts";
import { resolveInputs } from "../../../src/verbs/schema/resolve-inputs.ts";
import { engineOptions } from "../../../src/verbs/start-engine/options.ts";
import { startEngine } from "../../../src/verbs/start-engine/start-engine.ts";
import { engineRoom } from "../../support/fake-engine.ts";
import { JSON_HEADERS } from "../../support/json-headers.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { runVerb } from "../../support/verb-process.ts";

const inputs = (given: Record<string, unknown>) => resolveInputs(startEngine, given, {}, {});
const portOf = (record: { baseUrl: string | null }) => Number(new URL(record.baseUrl!).port);

describe("inputs", () => {
  test("without any start the simulated engine with its default model", () => {
    expect(engineOptions(inputs({}))).toEqual({
      kind: "simulated",
      output: ".pitwall/out",
      model: "sim/h100-8b",
      engineArgs: [],
      host: "127.0.0.1",
      port: undefined,
      startTimeoutSeconds: 300,
    });
  });

  test("of a remote engine are its base URL and perhaps a model", () => {
    const given = { engine: "remote", baseUrl: "http://127.0.0.1:8000", model: "m" };
    expect(engineOptions(inputs(given))).toEqual({
      kind: "remote",
      output: ".pitwall/out",
      baseUrl: given.baseUrl,
      model: "m",
      startTimeoutSeconds: 300,
    });
  });

  test.each([
    [{ engine: "remote" }, "--engine remote needs a --base-url, like http://127.0.0.1:8000"],
    [{ engine: "vllm" }, "--engine vllm needs a --model, like meta-llama/Llama-3.1-8B-Instruct"],
    [{ baseUrl: "http://127.0.0.1:8000" }, "--base-url goes with --engine remote, not with --engine simulated"],
    [
      { engine: "vllm", model: "m", truth: "t.jsonl" },
      "--truth goes with --engine simulated: vllm does not know its own truth",
    ],
    [
      { engineArgs: "--truth=t.jsonl" },
      "--engine-args must not hold --truth: give pitwall the --truth instead: a file of one run is no part of the engine that is compared",
    ],
    [
      { engineArgs: "--port 9000" },
      "--engine-args must not hold --port: give pitwall the --port instead: it must know where to ask",
    ],
    [
      { engineArgs: "--api_key abc" },
      "--engine-args must not hold --api-key: engine arguments are stored with the results; put a secret into the environment (HF_TOKEN), and serve without an API key",
    ],
  ])("%j do not fit together: %s", (given, message) => {
    expect(() => engineOptions(inputs(given))).toThrow(new UsageError(message));
  });

  test("of another engine kind name the kinds that work", () => {
    expect(() => inputs({ engine: "podman" })).toThrow(
      "--engine: must be one of simulated, vllm, docker, kubernetes, remote; did you mean",
    );
  });
});

describe("start-engine", () => {
  test("hands back what the next step needs and leaves the engine running", async () => {
    await using room = await engineRoom();
    await using verb = runVerb(await room.inputs(), room.env);
    const { code, printed } = await verb.ended;
    expect(code).toBe(0);
    const record = await room.recorded();
    const { baseUrl, pid, secondsToReady, logFile } = record;
    const outcome = JSON.parse(printed);
    expect(outcome).toMatchObject({
      ok: true,
      text: expect.stringContaining(`vllm engine at ${baseUrl}, model tiny-llama, version 0.32.0`),
    });
    expect(outcome.outputs).toEqual({
      baseUrl,
      model: "tiny-llama",
      engineFile: join(room.output, "engine.json"),
      pid,
      version: "0.32.0",
      secondsToReady,
      logFile,
    });
    expect(engineRuns(record)).toBe(true);
  });

  test("in the foreground says where the engine is, and stops it on SIGTERM", async () => {
    await using room = await engineRoom();
    await using verb = runVerb({ ...(await room.inputs()), foreground: true }, room.env);
    const record = await room.recorded();
    await expect.poll(verb.printed).toContain(record.baseUrl);
    verb.kill("SIGTERM");
    expect(await verb.ended).toMatchObject({ code: 0, printed: expect.stringContaining("the engine was stopped") });
    expect(runningMembers(record.pid)).toEqual([]);
  });

  test("of a simulated engine leaves the truth of what it did in a file, in its own words and ours", async () => {
    await using room = await engineRoom();
    const truth = join(room.output, "truth.jsonl");
    const given = { engine: "simulated", model: "sim/tiny", output: room.output, truth, foreground: true };
    await using verb = runVerb(given, room.env);
    const { baseUrl } = await room.recorded();
    const body = JSON.stringify({ prompt: [1, 2, 3], max_tokens: 4 });
    await (await fetch(`${baseUrl}/v1/completions`, { method: "POST", headers: JSON_HEADERS, body })).text();
    verb.kill("SIGTERM");
    expect(await verb.ended).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(truth, "utf8"))).toMatchObject({ outputTokens: 4, end: "length", simulated: true });
  });

  test("in the foreground fails when the engine ends by itself", async () => {
    await using room = await engineRoom();
    const run = startEngine.run(
      inputs({ ...(await room.inputs()), foreground: true }),
      recordingTools({ env: room.env }),
    );
    const failed = expect(run).rejects.toMatchObject({ name: "EngineError", reason: "engine_crashed" });
    process.kill((await room.recorded()).pid, "SIGKILL");
    await failed;
  });
});

describe("start-engine --stop", () => {
  const stop = (output: string) => startEngine.run(inputs({ output, stop: true }), recordingTools());

  test("stops the engine; once more, or where none was started, is fine", async () => {
    await using room = await engineRoom();
    const nothing = { ok: true, outputs: {}, text: `no engine that was started in ${room.output} runs` };
    expect(await stop(room.output)).toEqual(nothing);
    const record = await room.start();
    expect(await stop(room.output)).toEqual({ ok: true, outputs: {}, text: "the engine was stopped" });
    expect(engineRuns(record)).toBe(false);
    expect(await stop(room.output)).toEqual(nothing);
  });

  test("cleans up after a pitwall that was killed while its engine ran", async () => {
    await using room = await engineRoom();
    await using verb = runVerb({ ...(await room.inputs()), foreground: true }, room.env);
    const record = await room.recorded();
    verb.kill("SIGKILL");
    await verb.ended;
    expect(engineRuns(record)).toBe(true);
    expect((await stop(room.output)).text).toBe("the engine was stopped");
    expect(runningMembers(record.pid)).toEqual([]);
    expect(await freePort("127.0.0.1", portOf(record))).toBe(portOf(record));
  });

  test("cleans up after a pitwall that was killed while its engine was starting", async () => {
    await using room = await engineRoom();
    await using verb = runVerb({ ...(await room.inputs()), engineArgs: ["--fake-health", "503"] }, room.env);
    const record = await room.recorded("engine.starting.json");
    verb.kill("SIGKILL");
    await verb.ended;
    expect(existsSync(join(room.output, "engine.json"))).toBe(false);
    expect(engineRuns(record)).toBe(true);
    expect((await stop(room.output)).text).toBe("the engine was stopped");
    expect(runningMembers(record.pid)).toEqual([]);
  });
});
