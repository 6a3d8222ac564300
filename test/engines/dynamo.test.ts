import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { expectTokenEachEvent, expectTruth } from "./expectations.ts";
import { measure, measureWith } from "./measure.ts";
import { freePort, type RunningServer, startServer, untilPageHolds } from "./server.ts";

const MODEL = "tiny";
// What needs neither etcd nor NATS.
const PLANES = ["--discovery-backend", "file", "--request-plane", "tcp", "--event-plane", "zmq"];

describe("Dynamo's frontend before mock workers", () => {
  let folder: FsFixture;
  let port: number;
  let frontend: RunningServer;
  const workers: RunningServer[] = [];

  const dynamo = (part: string, ...args: string[]) =>
    startServer(join(inject("venvs").dynamo, "bin", "python"), ["-m", `dynamo.${part}`, ...PLANES, ...args], {
      DYN_FILE_KV: folder.getPath("kv"),
    });
  function startWorker(...more: string[]): RunningServer {
    const tokenizer = join(inject("venvs").vllm, "tiny-llama");
    const worker = dynamo("mocker", "--model-path", tokenizer, "--model-name", MODEL, "--speedup-ratio", "1", ...more);
    workers.push(worker);
    return worker;
  }
  const listed = () => untilPageHolds(`http://127.0.0.1:${port}/v1/models`, `"${MODEL}"`, frontend);

  beforeEach(async () => {
    folder = await createFixture({});
    port = await freePort();
    frontend = dynamo("frontend", "--http-host", "127.0.0.1", "--http-port", String(port));
    await untilPageHolds(`http://127.0.0.1:${port}/health`, "", frontend);
  });
  afterEach(async () => {
    for (const server of [...workers.splice(0), frontend]) await server[Symbol.asyncDispose]();
    await folder.rm();
  });

  test.each(["completions", "chat"])("%s: the event with the finish reason alone is no token", async (endpoint) => {
    startWorker("--num-workers", "2");
    await listed();
    expectTokenEachEvent(expectTruth(await measure(port, MODEL, "--endpoint", endpoint)));
  });

  test("a model that comes while we wait is measured", async () => {
    const waits = Promise.withResolvers<void>();
    const onPrinted = (printed: string) => {
      if (printed.includes("no model is listed")) waits.resolve();
    };
    const measuring = measureWith({ onPrinted }, port, MODEL, "--start-timeout", "120");
    await Promise.race([waits.promise, measuring]);
    startWorker();
    expectTruth(await measuring);
  });

  test("a worker that dies in mid-run fails the requests that it had, and no others", async () => {
    const [dying] = [startWorker(), startWorker()];
    await listed();
    const measuring = measure(port, MODEL, "--num-prompts", "60", "--pairs", "32:200");
    await sleep(4000);
    process.kill(-dying!.child.pid!, "SIGKILL");
    const { cell, exitCode } = await measuring;
    expect(exitCode).toBe(1);
    expect(cell).toMatchObject({ status: "measured" });
    const errors =
      cell.status === "measured" && cell.measurement.kind === "requests" ? cell.measurement.requests.errors : [];
    const failed = errors.filter((error) => error !== null);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(errors.length);
    expect(failed.filter((error) => !/^(in_stream_error|http_\d+|cut_off): ./.test(error!))).toEqual([]);
  });
});
