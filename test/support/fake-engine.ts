import { existsSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect } from "vitest";
import type { LocalEngine } from "../../src/engine/engine.ts";
import { freePort } from "../../src/engine/launch/port.ts";
import { startEngine } from "../../src/engine/start.ts";
import { engineProcesses, stopEngine } from "../../src/engine/stop.ts";
import { readJson } from "../../src/files.ts";
import { EngineRecord } from "../../src/result/document/engine-record.ts";
import { recordingTools } from "./recording-tools.ts";

export const FIXTURES = join(import.meta.dirname, "..", "fixtures", "engine");
const FAKE_VLLM = join(import.meta.dirname, "fake-vllm.ts");

type Running = EngineRecord & { pid: number };

/** A working folder, and a folder for PATH with an executable `vllm` in it. On disposal, whatever was started is killed. */
export async function engineRoom() {
  const fixture = await createFixture({ "out/.keep": "", "bin/.keep": "" });
  const vllm = await addExecutable(fixture.getPath("bin"), "vllm", `exec "${process.execPath}" "${FAKE_VLLM}" "$@"`);
  const env = { ...process.env, PITWALL_VLLM: vllm };
  const started: EngineRecord[] = [];
  return {
    output: fixture.getPath("out"),
    bin: fixture.getPath("bin"),
    env: env as NodeJS.ProcessEnv,
    /** Options of a fake vLLM that comes up at once on a free port. */
    async options(...engineArgs: string[]): Promise<LocalEngine> {
      const port = await freePort("127.0.0.1", 0);
      const limits = { startTimeoutSeconds: 30 };
      return { kind: "vllm", output: this.output, model: "tiny-llama", engineArgs, host: "127.0.0.1", port, ...limits };
    },
    /** The same as inputs of the verb. */
    async inputs() {
      const { kind: engine, port, model, output } = await this.options();
      return { engine, port, model, output };
    },
    /** The engine that another process starts in this room, as soon as it is recorded. */
    async recorded(file = "engine.json"): Promise<Running> {
      const path = join(this.output, file);
      await expect.poll(() => existsSync(path), { timeout: 20_000 }).toBe(true);
      const record = (await readJson(path, EngineRecord)) as Running;
      this.stopLater(record);
      return record;
    },
    stopLater(record: EngineRecord): void {
      started.push(record);
    },
    async start(...engineArgs: string[]): Promise<Running> {
      const record = await startEngine(await this.options(...engineArgs), recordingTools({ env: this.env }));
      this.stopLater(record);
      return record as Running;
    },
    async [Symbol.asyncDispose]() {
      for (const record of started) await stopEngine(record, 0);
      await fixture.rm();
    },
  };
}

/** @returns path of an executable shell script */
export async function addExecutable(folder: string, name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

export const pidsOf = (record: EngineRecord) => engineProcesses(record).map(({ pid }) => pid);
