import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { runningProcesses } from "../../../src/machine/process-table.ts";
import { Cell } from "../../../src/result/document/cell.ts";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { latencySweep } from "../../../src/verbs/latency-sweep/latency-sweep.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { pitwall } from "../../support/cli.ts";
import { addExecutable } from "../../support/fake-engine.ts";
import { fakeOfflineEngine } from "../../support/fake-offline-engine.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { simulatedEngine } from "../../support/simulated-room.ts";

/** 2 s a request of 40 tokens. */
const SLOW = ["--fixed-ttft", "20", "--fixed-itl", "50"];
const LIMIT =
  /^the cell was not through after \d s, its limit as a whole; if it needs longer, give --benchmark-timeout$/;
const TIMED_OUT = { status: "failed", reason: "client_timeout", detail: expect.stringMatching(LIMIT) };
const STREAMS = { requestRate: undefined, concurrency: "2", numPrompts: "40", warmupRequests: "0" };

describe("a cell that is not through within its limit", () => {
  test("ends as client_timeout and counts the requests so far; the next cell is measured", async () => {
    await using room = await simulatedEngine(...SLOW);
    await room.serve({ ...STREAMS, pairs: "30:40,30:1", benchmarkTimeout: "6" });
    const [short, long] = await room.gated();
    expect(long).toMatchObject({ ...TIMED_OUT, completed: expect.any(Number), failed: expect.any(Number) });
    const { completed = 0, failed = 0 } = long as { completed?: number; failed?: number };
    expect([completed > 0, failed > 0, completed + failed]).toEqual([true, true, 40]);
    expect(short).toMatchObject({ status: "ok", metrics: { completed: 40, failed: 0 } });
  });

  test("of several repeats keeps those that it had", async () => {
    await using room = await simulatedEngine(...SLOW);
    await room.serve({ ...STREAMS, numPrompts: "2", pairs: "30:40", repeats: "50", benchmarkTimeout: "6" });
    const [cell] = await room.cells();
    expect(cell).toMatchObject({ ...TIMED_OUT, measurement: { kind: "repeated" } });
  });

  test("is one of vllm bench serve too, whose processes are stopped and whose last words are kept", async () => {
    await using room = await simulatedEngine();
    const bench = new URL("../../support/fake-bench-serve.ts", import.meta.url).pathname;
    const marker = `cell-limit-${process.pid}`;
    const script = `sleep 600 & exec "${process.execPath}" "${bench}" "$@"`;
    const program = await addExecutable(room.output, "vllm", script);
    const env = { ...process.env, PITWALL_VLLM: program, FAKE_BENCH: "hang", MARKER: marker };
    const given = { client: "vllm", pairs: "30:4", benchmarkTimeout: "3" };
    await room.serve(given, recordingTools({ env }));
    expect(await room.cells()).toMatchObject([{ ...TIMED_OUT, logTail: expect.stringContaining("hanging") }]);
    expect(existsSync(`${room.output}/driver.json`)).toBe(false);
    expect(runningProcesses().filter(({ pid }) => environmentOf(pid).includes(marker))).toEqual([]);
  });

  test("is one of a sweep of a server too, and the next size is measured", async () => {
    await using room = await simulatedEngine(...SLOW);
    const lengths = { inputLen: "8", outputLen: "1,40", batchSizes: "1", warmup: "0", iterations: "4" };
    const inputs = latencySweep.inputs.parse({ output: room.output, ...lengths, benchmarkTimeout: "3" });
    await latencySweep.run(inputs, recordingTools());
    expect(await room.cells()).toMatchObject([
      { id: "latency-sweep/in_8_out_1_bs_1", status: "measured" },
      { ...TIMED_OUT, measurement: { kind: "iterations" } },
    ]);
  });

  test("is one of the offline engine too, however lively it is", async () => {
    await using room = await fakeOfflineEngine();
    const sizes = { batchSizes: "1,2", inputLen: "4", outputLen: "2", warmup: "1", iterations: "1000" };
    const given = { output: room.output, model: "m", engineArgs: ["endless"], ...sizes, benchmarkTimeout: "2" };
    await latencySweep.run(latencySweep.inputs.parse(given), room.tools);
    expect(await readCells(room.output)).toMatchObject([{ status: "measured" }, TIMED_OUT]);
    expect(existsSync(`${room.output}/driver.json`)).toBe(false);
  });
});

test("a limit that ends a cell before its own plan does is refused before anything is asked", async () => {
  const load = ["--pairs", "16:4", "--ramp", "1:10", "--minutes", "60", "--benchmark-timeout", "1800"];
  const { exitCode, stderr } = await pitwall(["serve-benchmark", "--base-url", "http://127.0.0.1:9", ...load]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(
    "--benchmark-timeout 1800 ends serve-benchmark/in_16_out_4_ramp_1_10 before it is through: it sends requests for 3600 s",
  );
});

describe("vllm bench serve gets", () => {
  async function measured(given: object, env: NodeJS.ProcessEnv = {}) {
    const room = await simulatedEngine();
    const bench = new URL("../../support/fake-bench-serve.ts", import.meta.url).pathname;
    const program = await addExecutable(room.output, "vllm", `exec "${process.execPath}" "${bench}" "$@"`);
    const tools = recordingTools({ env: { ...process.env, PITWALL_VLLM: program, ...env } });
    await room.serve({ client: "vllm", pairs: "30:4", ...given }, tools);
    const file = (kind: string) =>
      JSON.parse(readFileSync(`${room.output}/raw/serve-benchmark/in_30_out_4_rate_100.json.${kind}`, "utf8"));
    const [cell] = await room.cells();
    const seen = { cell: Cell.parse(cell), args: file("args"), env: file("env") };
    await room[Symbol.asyncDispose]();
    return seen;
  }

  test("a loopback without proxy, and the environment that a login shell sources", async () => {
    await using home = await simulatedEngine();
    await writeFile(`${home.output}/.bash_profile`, 'echo welcome; module() { export LOADED="$1"; }; PATH=/profile');
    await writeFile(`${home.output}/setvars.sh`, 'echo said; module "cuda $1"');
    const given = { envScript: `${home.output}/setvars.sh 13` };
    const { env, cell } = await measured(given, { HOME: home.output, HTTP_PROXY: "http://127.0.0.1:9" });
    expect(cell.status).toBe("measured");
    expect(env).toMatchObject({ LOADED: "cuda 13", NO_PROXY: expect.stringContaining("127.0.0.1") });
    expect(env.PATH.split(":")).toEqual(expect.arrayContaining([...process.env.PATH!.split(":"), "/profile"]));
    expect(env.PATH.split(":").at(-1)).toBe("/profile");
  });

  test("what is added to its command line, which is part of the cell", async () => {
    const { args, cell } = await measured({ clientArgs: "--host 127.0.0.2 --trust-remote-code" });
    expect(args.slice(-3)).toEqual(["--host", "127.0.0.2", "--trust-remote-code"]);
    expect(cell.params).toMatchObject({ clientArgs: "--host 127.0.0.2 --trust-remote-code" });
    expect(gateCell(cell).status).toBe("ok");
  });

  test.each([
    ["--base-url http://x", "--base-url, which pitwall sets: give pitwall the --base-url"],
    ["--random_input_len=5", "--random-input-len, which pitwall sets: give pitwall the --pairs"],
    ["--num-pro 5", "--num-prompts, which pitwall sets: give pitwall the --num-prompts"],
    ["--api-key x", "--api-key: they are stored with the results"],
  ])("nothing that decides the load or is a secret: %s", async (clientArgs, message) => {
    await using room = await simulatedEngine();
    await expect(room.serve({ client: "vllm", clientArgs })).rejects.toThrow(`--client-args must not hold ${message}`);
  });

  test("what our own client would not understand", async () => {
    await using room = await simulatedEngine();
    await expect(room.serve({ clientArgs: "--host x" })).rejects.toThrow("--client-args goes with --client vllm");
  });
});

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}
