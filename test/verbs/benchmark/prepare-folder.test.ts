import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import type { EngineRecord } from "../../../src/result/document/engine-record.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { inProcess } from "../../support/command-line.ts";
import { startSimulator } from "../../support/simulator.ts";

const SERVE = ["--pairs", "16:4", "--num-prompts", "4", "--warmup-requests", "0", "--client-limits", "off"];
const RATE_100 = "serve-benchmark/in_16_out_4_rate_100";
const CONCURRENCY_2 = "serve-benchmark/in_16_out_4_concurrency_2";
const SWEEP = ["--batch-sizes", "1", "--output-len", "4", "--warmup", "0", "--iterations", "2"];

/** A working folder and a server beside it that nobody recorded. */
async function remoteRoom(...args: string[]) {
  const folder = await createFixture();
  const server = await startSimulator(...args);
  const output = folder.getPath("out");
  const call = (verb: string, ...more: string[]) => inProcess([verb, "--output", output, ...more]);
  return {
    url: server.url,
    output,
    call,
    serve: (...more: string[]) => call("serve-benchmark", "--base-url", server.url, ...SERVE, ...more),
    json: <T>(name: string): T => JSON.parse(readFileSync(join(output, name), "utf8")),
    cells: () => cellsIn(output),
    async [Symbol.asyncDispose]() {
      await call("start-engine", "--stop");
      await server[Symbol.asyncDispose]();
      await folder.rm();
    },
  };
}

function cellsIn(output: string): string[] {
  const files = existsSync(output) ? readdirSync(join(output, "cells"), { recursive: true, encoding: "utf8" }) : [];
  return files.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
}

describe("a second benchmark into the same folder", () => {
  test("adds its cells, and post-process makes one document of all, without start-engine", async () => {
    await using room = await remoteRoom();
    expect(await room.serve("--request-rate", "100", "--save-requests")).toMatchObject({ exitCode: 0 });
    expect(await room.serve("--concurrency", "2", "--save-requests")).toMatchObject({ exitCode: 0 });
    const sweep = await room.call("latency-sweep", "--base-url", room.url, "--input-len", "16", ...SWEEP);
    expect(sweep, sweep.stderr).toMatchObject({ exitCode: 0 });
    const burst = ["--input-len", "16", "--output-len", "4", "--throughput-prompts", "3", "--warmup-requests", "0"];
    expect(await room.call("throughput-benchmark", "--base-url", room.url, ...burst)).toMatchObject({ exitCode: 0 });
    expect(room.json<EngineRecord>("engine.json")).toMatchObject({ kind: "remote", baseUrl: room.url });
    expect(readdirSync(join(room.output, "raw", "serve-benchmark")).sort()).toEqual([
      "in_16_out_4_concurrency_2.requests.json",
      "in_16_out_4_rate_100.requests.json",
    ]);
    const processed = await room.call("post-process");
    expect(processed, processed.stderr).toMatchObject({ exitCode: 0 });
    const run = room.json<Run>("run.json");
    expect(run.engine).toMatchObject({ kind: "remote" });
    expect(run.cells.map(({ id, status }) => [id, status])).toEqual([
      ["latency-sweep/in_16_out_4_bs_1", "ok"],
      [CONCURRENCY_2, "ok"],
      [RATE_100, "ok"],
      ["throughput-benchmark/in_16_out_4_prompts_3", "ok"],
    ]);
  });

  test("replaces a cell that it measures again, and its raw files, no other, and says so", async () => {
    await using room = await remoteRoom();
    await room.serve("--request-rate", "100,10", "--save-requests", "--result-format", "vllm");
    const other = readFileSync(join(room.output, "cells", "serve-benchmark", "in_16_out_4_rate_10.json"), "utf8");
    const { stderr } = await room.serve("--request-rate", "100", "--seed", "7");
    expect(stderr).toContain(`info: measuring again, in place of what ${room.output} holds: ${RATE_100}\n`);
    expect(room.json(`cells/${RATE_100}.json`)).not.toEqual(JSON.parse(other));
    expect(readFileSync(join(room.output, "cells", "serve-benchmark", "in_16_out_4_rate_10.json"), "utf8")).toBe(other);
    expect(readdirSync(join(room.output, "raw", "serve-benchmark")).sort()).toEqual([
      "in_16_out_4_rate_10.json",
      "in_16_out_4_rate_10.requests.json",
    ]);
  });

  test("keeps the raw file of a sweep's cell with the same batch size, however often each is measured", async () => {
    await using room = await remoteRoom();
    const sweep = (length: string, ...more: string[]) =>
      room.call("latency-sweep", "--base-url", room.url, "--input-len", length, ...SWEEP, ...more);
    const raw = () => readdirSync(join(room.output, "raw")).filter((name) => !name.includes("pytorch"));
    await sweep("16");
    expect(raw()).toEqual(["latency_bs1.json"]);
    const first = room.json("raw/latency_bs1.json");
    await sweep("24");
    expect(raw()).toEqual(["latency_bs1.json", "latency_bs1_in_24_out_4.json"]);
    expect(room.json("raw/latency_bs1.json")).toEqual(first);
    await sweep("16");
    expect(raw()).toEqual(["latency_bs1_in_16_out_4.json", "latency_bs1_in_24_out_4.json"]);
    await sweep("16", "--clean");
    expect(raw()).toEqual(["latency_bs1.json"]);
  });

  test("with --clean starts with an empty folder", async () => {
    await using room = await remoteRoom();
    await room.serve("--request-rate", "100", "--save-requests");
    await room.call("post-process");
    const { stderr } = await room.serve("--concurrency", "2", "--clean");
    expect(stderr).toContain(`info: ${room.output} was emptied: --clean\n`);
    expect(room.cells()).toEqual(expect.arrayContaining([CONCURRENCY_2]));
    expect(room.cells()).not.toContain(RATE_100);
    for (const gone of ["run.json", "summary.md", "raw"]) expect(existsSync(join(room.output, gone))).toBe(false);
  });
});

describe("cells of another engine in the folder", () => {
  test("are named before anything is measured or removed, with the ways out", async () => {
    await using room = await remoteRoom();
    await room.serve("--request-rate", "100");
    await room.call("start-engine", "--model", "sim/tiny");
    const { exitCode, stderr } = await room.call("serve-benchmark", ...SERVE, "--concurrency", "2");
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${room.output} holds cells of another engine, and a run document has one: `);
    expect(stderr).toContain("Give this benchmark another --output, or remove those cells with --clean");
    expect(room.cells()).toContain(RATE_100);
    expect(await room.call("serve-benchmark", ...SERVE, "--concurrency", "2", "--clean")).toMatchObject({
      exitCode: 0,
    });
    expect(await room.call("post-process")).toMatchObject({ exitCode: 0 });
  });

  test("do not count where all of them are measured again", async () => {
    await using room = await remoteRoom();
    await room.serve("--request-rate", "100");
    await room.call("start-engine", "--model", "sim/tiny");
    expect(await room.call("serve-benchmark", ...SERVE, "--request-rate", "100")).toMatchObject({ exitCode: 0 });
    expect(await room.call("post-process")).toMatchObject({ exitCode: 0 });
  });

  test("are also those of another server behind a base URL", async () => {
    await using room = await remoteRoom();
    await using other = await startSimulator("--max-model-len", "64");
    await room.serve("--request-rate", "100");
    const before = room.json("engine.json");
    const { exitCode, stderr } = await room.call(
      "serve-benchmark",
      ...SERVE,
      "--base-url",
      other.url,
      "--concurrency",
      "2",
    );
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("holds cells of another engine")]);
    expect(room.json("engine.json")).toEqual(before);
  });
});

describe("an engine that start-engine left in the folder", () => {
  test("is itself behind its own base URL, by any name of the loopback", async () => {
    await using room = await remoteRoom();
    await room.call("start-engine", "--model", "sim/tiny");
    const record = room.json<EngineRecord>("engine.json");
    const url = record.baseUrl!.replace("127.0.0.1", "localhost");
    const ended = await room.call("serve-benchmark", ...SERVE, "--base-url", `${url}/v1`, "--concurrency", "2");
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(room.json("engine.json")).toEqual(record);
  });

  test("keeps its record while it runs: another base URL is refused", async () => {
    await using room = await remoteRoom();
    await room.call("start-engine", "--model", "sim/tiny");
    const record = room.json<EngineRecord>("engine.json");
    const { exitCode, stderr } = await room.serve("--concurrency", "2");
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`runs at ${record.baseUrl}, and what is measured there is filed under it`);
    expect(room.json("engine.json")).toEqual(record);
    await room.call("start-engine", "--stop");
    expect(await room.serve("--concurrency", "2")).toMatchObject({ exitCode: 0 });
    expect(room.json("engine.json")).toMatchObject({ kind: "remote" });
  });
});

describe("startup-benchmark in a folder with served cells", () => {
  test("adds to them, and their record is there afterwards", async () => {
    await using room = await remoteRoom();
    const engine = ["--engine", "simulated", "--model", "sim/tiny"];
    await room.call("start-engine", ...engine);
    await room.call("serve-benchmark", ...SERVE, "--concurrency", "2");
    const started = await room.call("startup-benchmark", ...engine, "--cold-starts", "1", "--warm-starts", "0");
    expect(started, started.stderr).toMatchObject({ exitCode: 0 });
    const warm = await room.call("startup-benchmark", ...engine, "--cold-starts", "0", "--warm-starts", "1");
    expect(warm, warm.stderr).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(room.output, "logs"))).toContain("startup-cold-1.log");
    expect(await room.call("post-process")).toMatchObject({ exitCode: 0 });
    expect(room.json<Run>("run.json").cells.map(({ id }) => id)).toEqual([
      CONCURRENCY_2,
      "startup-benchmark/cold",
      "startup-benchmark/warm",
    ]);
  });
});

describe("run in a folder that holds cells", () => {
  test("moves them aside as a folder of their own, and measures afresh; --clean removes them", async () => {
    await using room = await remoteRoom();
    await room.serve("--request-rate", "100");
    const run = ["--engine", "remote", "--base-url", room.url, "--preset", "sanity", "--skip-site"];
    const own = [...run, "--database", join(room.output, "..", "db.git"), "--benchmarks", "serve-benchmark"];
    const { exitCode, stderr } = await room.call("run", ...own);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`what lay in ${room.output} was moved to ${join(room.output, "earlier")}`);
    expect(room.json<Run>("run.json").cells.map(({ id }) => id)).toEqual(["serve-benchmark/in_8_out_8_concurrency_2"]);
    expect(cellsIn(join(room.output, "earlier"))).toContain(RATE_100);
    const processed = await inProcess(["post-process", "--output", join(room.output, "earlier")]);
    expect(processed, processed.stderr).toMatchObject({ exitCode: 0 });
    await room.call("run", ...own, "--clean");
    expect(existsSync(join(room.output, "earlier"))).toBe(false);
    expect(room.cells()).toEqual(["serve-benchmark/in_8_out_8_concurrency_2"]);
  });
});
