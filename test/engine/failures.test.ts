import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { Run } from "../../src/result/document/run.ts";
import { inProcess } from "../support/command-line.ts";
import { engineRoom, FIXTURES } from "../support/fake-engine.ts";
import { startLogs } from "../support/start-logs.ts";
import { START_FAILURES } from "./failure-logs.ts";

const read = (name: string) => readFileSync(join(FIXTURES, name), "utf8");
/** What vLLM prints on its way up until its engine core starts to load. */
const BEFORE = read("vllm-0.32.0-server.log").split("\n").slice(0, 20).join("\n");
/** What may follow the cause: another process's traceback, longer than the lines that are kept. */
const AFTER = Array.from({ length: 60 }, (_, line) => `  File "somewhere.py", line ${line}, in something`).join("\n");

/** `pitwall run` with a fake vllm on PATH. @param log what that vllm prints, into the file that `{log}` stands for */
async function runWith(log: string, engineArgs: string, ...more: string[]) {
  await using room = await engineRoom();
  await using folder = await createFixture({ "engine.log": log });
  const { port } = await room.inputs();
  const args = engineArgs.replace("{log}", folder.getPath("engine.log"));
  const ended = await inProcess(
    [
      ...[
        "run",
        "--engine",
        "vllm",
        "--mode",
        "server",
        "--model",
        "tiny-llama",
        "--port",
        String(port),
        "--skip-site",
      ],
      ...["--batch-sizes", "1", "--input-len", "16", "--output-len", "4", "--pairs", "16:4", "--engine-args", args],
      ...more,
    ],
    { ...process.env, PATH: `${room.bin}:${process.env.PATH}`, PITWALL_VLLM: "" },
    folder.path,
  );
  const out = (name: string) => readFile(folder.getPath(`.pitwall/out/${name}`), "utf8");
  const [cell] = Run.parse(JSON.parse(await out("run.json"))).cells.filter(({ status }) => status === "failed");
  if (cell?.status !== "failed") throw new Error(`nothing failed:\n${ended.stdout}${ended.stderr}`);
  return { ...ended, cell, logTail: cell.logTail ?? "", summary: await out("summary.md") };
}

describe("a start that fails is explained in document, summary and terminal:", () => {
  test.each(START_FAILURES)("$name", async ({ words, reason, says }) => {
    const log = `${BEFORE}\n${words}\n${AFTER}\n`;
    const { exitCode, stdout, cell, logTail, summary } = await runWith(log, "--fake-log {log} --fake-exit 1");
    expect(exitCode).toBe(1);
    expect(cell.reason).toBe(reason);
    for (const part of ["ended with exit code 1 before it was healthy: ", ...says]) {
      expect(cell.detail).toContain(part);
      expect(summary).toContain(part);
      expect(stdout).toContain(part);
    }
    expect(logTail.split("\n")).toHaveLength(50);
    expect(logTail).toContain(words.split("\n").at(-1));
    expect(summary).toContain(words.split("\n").at(-1));
  });

  test.each(startLogs().filter(({ name }) => name.startsWith("start-") && name !== "start-killed"))(
    "the log $name",
    async ({ log, reason, says, line }) => {
      const { cell, logTail } = await runWith(log, "--fake-log {log} --fake-exit 1");
      expect(cell).toMatchObject({ reason, detail: expect.stringContaining(says) });
      expect(cell.detail).toContain(line?.replace("RuntimeError: ", "").slice(0, 150));
      expect(logTail).toContain(line);
    },
  );

  test("a model that real vLLM does not find offline", async () => {
    const { cell } = await runWith(read("vllm-0.32.0-no-model.log"), "--fake-log {log} --fake-exit 1");
    expect(cell).toMatchObject({
      reason: "environment",
      detail: expect.stringContaining("downloads are switched off"),
    });
  });

  test.each(["137", "killed"])("an engine that was killed (%s)", async (how) => {
    const { cell } = await runWith(BEFORE, `--fake-log {log} --fake-exit ${how}`);
    expect(cell).toMatchObject({ reason: "engine_crashed", detail: expect.stringContaining("it was killed (SIGKILL") });
  });

  test("an engine that is not up in time", async () => {
    const args = "--fake-log {log} --fake-health 503";
    const { cell, logTail } = await runWith(BEFORE, args, "--start-timeout", "1");
    expect(cell).toMatchObject({ reason: "startup_timeout", detail: expect.stringContaining("--start-timeout") });
    expect(logTail).toContain("Initializing a V1 LLM engine");
  });
});

describe("an engine that fails in mid-run is explained:", () => {
  test("memory that ran out", async () => {
    const words = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 512.00 MiB.";
    const { cell, logTail } = await runWith(`${words}\n${AFTER}\n`, "--fake-last-words {log}");
    expect(cell).toMatchObject({ reason: "out_of_memory", detail: expect.stringContaining("in mid-run; lower") });
    expect(logTail).toContain(words);
  });

  test("by nothing that it said on its way up", async () => {
    const early = "OSError: [Errno 28] No space left on device\nINFO: Application startup complete.\n";
    const { cell } = await runWith(early, "--fake-log {log} --fake-kill");
    expect(cell).toMatchObject({ reason: "engine_crashed", detail: expect.stringContaining("without an error") });
  });

  test("killed without a word", async () => {
    const { cell } = await runWith("", "--fake-kill");
    expect(cell).toMatchObject({ reason: "engine_crashed", detail: expect.stringContaining("without an error") });
  });
});
