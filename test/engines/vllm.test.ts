import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { CPU_ENVIRONMENT } from "../vllm/pitwall.ts";
import { expectTokenEachEvent, expectTruth } from "./expectations.ts";
import { measure } from "./measure.ts";
import { freePort, type RunningServer, startServer, untilPageHolds } from "./server.ts";

const ARGS = ["--load-format", "dummy", "--enforce-eager", "--max-model-len", "1024", "--max-num-seqs", "16"];

/** vLLM with a tiny model for the tests of a block. */
function vllmWith(...more: string[]): () => { port: number; model: string } {
  let folder: FsFixture;
  let server: RunningServer;
  let found: { port: number; model: string };
  beforeAll(async () => {
    const venv = inject("venvs").vllm;
    folder = await createFixture({});
    const model = folder.getPath("tiny");
    await copyWithThoughts(join(venv, "tiny-llama"), model);
    found = { port: await freePort(), model };
    const args = ["serve", model, "--host", "127.0.0.1", "--port", String(found.port), ...ARGS, ...more];
    server = startServer(join(venv, "bin", "vllm"), args, CPU_ENVIRONMENT);
    await untilPageHolds(`http://127.0.0.1:${found.port}/v1/models`, "max_model_len", server);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await folder?.rm();
  });
  return () => found;
}

/** Two of the special tokens become those that a reasoning parser looks for. */
async function copyWithThoughts(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
    const text = await readFile(join(to, name), "utf8");
    await writeFile(join(to, name), text.replaceAll("<|begin|>", "<think>").replaceAll("<|pad|>", "</think>"));
  }
}

describe("vLLM, whose random answers are all thoughts to its reasoning parser", () => {
  const engine = vllmWith("--reasoning-parser", "deepseek_r1");

  test.each(["completions", "chat"])("%s: a token an event", async (endpoint) => {
    const { port, model } = engine();
    const samples = expectTruth(await measure(port, model, "--endpoint", endpoint));
    expectTokenEachEvent(samples);
    expect(new Set(samples.outputTokens)).toEqual(new Set([24]));
  });
});

describe("vLLM that streams ten tokens at a time", () => {
  const engine = vllmWith("--stream-interval", "10");

  test.each(["completions", "chat"])("%s: fewer events than tokens, and the tokens are all there", async (endpoint) => {
    const { port, model } = engine();
    const { outputTokens, gapsMs } = expectTruth(await measure(port, model, "--endpoint", endpoint));
    expect(new Set(outputTokens)).toEqual(new Set([24]));
    for (const gaps of gapsMs) expect(gaps.length + 1).toBeLessThan(24);
  });
});
