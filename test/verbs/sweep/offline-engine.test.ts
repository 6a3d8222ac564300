import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freePort } from "../../../src/engine/launch/port.ts";
import { EngineRecord } from "../../../src/result/document/engine-record.ts";
import { Run } from "../../../src/result/document/run.ts";
import { latencySweep } from "../../../src/verbs/latency-sweep/latency-sweep.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { pitwall } from "../../support/cli.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { HAS_PYTHON, vllmMachine } from "../../support/vllm-machine.ts";

const SMALL = { batchSizes: "1", inputLen: "16", outputLen: "4", warmup: "0", iterations: "1" };
const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));

type Machine = Awaited<ReturnType<typeof vllmMachine>>;

async function sweep(machine: Machine, over: Record<string, string>, env = machine.env) {
  const output = machine.out("");
  const inputs = latencySweep.inputs.parse({ output, mode: "offline", model: "m", ...SMALL, ...over });
  const tools = recordingTools({ env: { ...process.env, ...env } });
  await latencySweep.run(inputs, tools);
  return { cells: await readCells(output), said: tools.said };
}

/** A sweep, then a server, by the command line. */
async function run(machine: Machine, ...args: string[]) {
  const port = await freePort("127.0.0.1", 0);
  const engine = ["--engine", "vllm", "--model", "sim/tiny", "--port", String(port), "--client-limits", "off"];
  const sizes = ["--batch-sizes", "1", "--warmup", "0", "--iterations", "1", "--skip-site"];
  const serving = ["--pairs", "16:4", "--request-rate", "50", "--num-prompts", "4", "--warmup-requests", "0"];
  const ended = await pitwall(["run", ...engine, ...sizes, ...serving, ...args], machine.path, machine.env);
  return { ...ended, document: Run.parse(json(machine.out("run.json"))) };
}

describe.skipIf(!HAS_PYTHON)("an offline engine without memory for its context", () => {
  test("is not started again unasked, and its cells say which length would fit", async () => {
    await using machine = await vllmMachine();
    const { cells, said } = await sweep(machine, { engineArgs: "--fake-kv-tokens 1024" });
    expect(cells).toMatchObject([
      { reason: "out_of_memory", detail: expect.stringContaining("the largest max_model_len that fits is 1024") },
    ]);
    expect(said.filter((line) => line.startsWith("warning"))).toEqual([]);
  });

  test("is not shrunk below what the sweep asks for", async () => {
    await using machine = await vllmMachine();
    const { cells } = await sweep(machine, { engineArgs: "--fake-kv-tokens 16", onOom: "shrink" });
    expect(cells).toMatchObject([
      { reason: "out_of_memory", detail: expect.stringMatching(/not tried with 16 .*: the requests need 20 tokens/) },
    ]);
  });

  test("is started no third time", async () => {
    await using machine = await vllmMachine();
    const over = { engineArgs: "--fake-kv-tokens 1024 --fake-oom-again", onOom: "shrink" };
    const { cells, said } = await sweep(machine, over);
    expect(cells).toMatchObject([
      { reason: "out_of_memory", detail: expect.stringContaining("the largest max_model_len that fits is 512") },
    ]);
    expect(said.filter((line) => line.startsWith("warning"))).toHaveLength(1);
  });

  test("is started once more with the length that fits; the server begins with it, and the document says so", async () => {
    await using machine = await vllmMachine();
    const lengths = ["--input-len", "16", "--output-len", "4"];
    const args = ["--on-oom", "shrink", "--engine-args", "--max-model-len 2048 --fake-kv-tokens 1024"];
    const { document, stderr, exitCode } = await run(machine, ...lengths, ...args);
    expect(exitCode, stderr).toBe(0);
    expect(stderr.match(/Starting it once more with --max-model-len 1024 \(--on-oom shrink\)/g)).toHaveLength(1);
    const shrunk = { from: 2048, to: 1024 };
    const engineArgs = ["--fake-kv-tokens", "1024", "--max-model-len", "1024"];
    const offline = EngineRecord.parse(json(machine.out("engine-offline.json")));
    expect(offline).toMatchObject({ maxModelLen: 1024, args: engineArgs, shrunk });
    expect(document.engine).toMatchObject({ args: engineArgs, shrunk });
    expect(existsSync(machine.out("logs/latency-sweep-out-of-memory.log"))).toBe(true);
  });
});

test.skipIf(!HAS_PYTHON)("an offline engine gets what --env-script exports, and runs in --working-dir", async () => {
  await using machine = await vllmMachine();
  const place = join(machine.path, "place");
  await mkdir(join(place, "my-model"), { recursive: true });
  const script = join(machine.path, "setvars.sh");
  await writeFile(script, `test "$1" = --force && export PYTHONPATH="${machine.env.PYTHONPATH}"\n`);
  const over = { model: "./my-model", envScript: `${script} --force`, workingDir: place };
  const { cells } = await sweep(machine, over, { ...machine.env, PYTHONPATH: "" });
  expect(cells).toMatchObject([{ status: "measured" }]);
});

test.skipIf(!HAS_PYTHON)(
  "an offline engine that is killed before anything is asked of it is seen to be gone",
  async () => {
    await using machine = await vllmMachine();
    const { cells } = await sweep(machine, { engineArgs: "--fake-die-when-ready" });
    expect(cells).toMatchObject([{ reason: "engine_crashed", detail: expect.stringContaining("process was killed") }]);
  },
);

test("a working folder that is none is refused before anything is touched", async () => {
  await using machine = await vllmMachine();
  await expect(sweep(machine, { workingDir: "/nowhere" })).rejects.toThrow("--working-dir: /nowhere is no folder");
  expect(existsSync(machine.out("raw"))).toBe(false);
});

describe.skipIf(!HAS_PYTHON)("lengths that only the engine's own word rules out", () => {
  const detail = "input 4000 + output 128 = 4128 tokens do not fit into the engine's context of 4096; ask for less";
  const ruledOut = { status: "failed", reason: "environment", detail: expect.stringContaining(detail) };

  test("are cells of the document with that reason, and what fits the server is measured", async () => {
    await using machine = await vllmMachine();
    const { document, exitCode } = await run(machine, "--input-len", "16,4000", "--output-len", "128");
    expect(exitCode).toBe(1);
    expect(document.outcome).toBe("failed");
    expect(document.cells).toMatchObject([ruledOut, ruledOut, { status: "ok" }]);
    expect(readFileSync(machine.out("summary.md"), "utf8")).toContain(detail);
  });

  test("are the same when it says so only after its start", async () => {
    await using machine = await vllmMachine();
    const over = { inputLen: "16,4000", outputLen: "128", engineArgs: "--fake-late-context" };
    expect((await sweep(machine, over)).cells).toMatchObject([ruledOut, ruledOut]);
  });
});
