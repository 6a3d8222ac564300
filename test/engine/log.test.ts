import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { engineLogTail, lastWords, loggedDtype } from "../../src/engine/log.ts";
import { FIXTURES } from "../support/fake-engine.ts";

const SERVER_LOG = join(FIXTURES, "vllm-0.32.0-server.log");
const START = { what: "it ended", phase: "start" } as const;

async function tailOf(log: string, lines?: number): Promise<string> {
  await using folder = await createFixture({ "engine.log": log });
  return await engineLogTail({ logFile: folder.getPath("engine.log") }, lines);
}

async function reasonOf(log: string): Promise<string> {
  await using folder = await createFixture({ "engine.log": log });
  return (await lastWords({ logFile: folder.getPath("engine.log") }, START)).reason;
}

describe("the end of a log", () => {
  test("is its last 50 lines, or as many as asked for", async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i} of a long log`);
    const log = `${lines.join("\n")}\n`;
    expect(await tailOf(log)).toBe(lines.slice(-50).join("\n"));
    expect(await tailOf(log, 2)).toBe(lines.slice(-2).join("\n"));
    expect(await tailOf("only\n")).toBe("only");
  });

  test("shows a progress bar as a terminal would: its last state", async () => {
    expect(await tailOf("start\r\n\rLoading 0%\rLoading 50%\rLoading 100%\ndone\n")).toBe("start\nLoading 100%\ndone");
  });

  test("leaves out the leak report that ends every vLLM log", async () => {
    const log = [
      "EngineDeadError: EngineCore encountered an issue.",
      "nanobind: leaked 64 types!",
      ' - leaked type "ATOMIC_OP"',
      " - ... skipped remainder",
      "nanobind: leaked 514 functions!",
      ' - leaked function ""',
      "nanobind: this is likely caused by a reference counting issue in the binding code.",
      "See https://nanobind.readthedocs.io/en/latest/refleaks.htmlresource_tracker.py:254: UserWarning",
    ];
    expect(await tailOf(`${log.join("\n")}\n`)).toBe(
      "EngineDeadError: EngineCore encountered an issue.\nresource_tracker.py:254: UserWarning",
    );
  });

  test("is empty without a log, and says why it cannot be read", async () => {
    expect(await engineLogTail({ logFile: null })).toBe("");
    expect(await engineLogTail({ logFile: "/nowhere/engine.log" })).toMatch(/^\(no log: it does not exist/);
  });
});

describe("why an engine ended", () => {
  test.each([
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.96 GiB.",
    "torch.cuda.OutOfMemoryError: HIP out of memory.",
    "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`.",
    "ValueError: To serve at least one request with the model's max seq len (131072), 16.00 GiB KV cache is needed, which is larger than the available KV cache memory (7.38 GiB).",
    "ValueError: Free memory on device (67.24/79.25 GiB) on startup is less than desired GPU memory utilization (0.9, 71.33 GiB).",
  ])("is a lack of memory: %s", async (message) => {
    const traceback = Array.from({ length: 200 }, () => "  File somewhere, in something").join("\n");
    expect(await reasonOf(`${message}\n${traceback}\n`)).toBe("out_of_memory");
  });

  test("is a crash otherwise", async () => {
    expect((await lastWords({ logFile: join(FIXTURES, "vllm-0.32.0-bad-flag.log") }, START)).reason).toBe(
      "engine_crashed",
    );
  });
});

describe("the number format", () => {
  test("is read from vLLM's configuration line", async () => {
    expect(await loggedDtype({ logFile: SERVER_LOG })).toBe("bfloat16");
  });

  test("is unknown when the log does not tell", async () => {
    expect(await loggedDtype({ logFile: join(FIXTURES, "vllm-0.32.0-bad-flag.log") })).toBeNull();
  });
});
