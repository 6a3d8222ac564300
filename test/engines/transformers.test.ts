import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { expectTruth } from "./expectations.ts";
import { measure } from "./measure.ts";
import { freePort, type RunningServer, startServer, untilPageHolds } from "./server.ts";

describe("transformers serve, which takes neither token ids nor ignore_eos and ends without [DONE]", () => {
  let folder: FsFixture;
  let server: RunningServer;
  let port: number;
  let model: string;
  beforeAll(async () => {
    port = await freePort();
    folder = await createFixture({});
    model = folder.getPath("tiny");
    const bin = join(inject("venvs").transformers, "bin");
    const script = join(import.meta.dirname, "servers", "tiny_weights.py");
    execFileSync(join(bin, "python"), [script, join(inject("venvs").vllm, "tiny-llama"), model]);
    server = startServer(join(bin, "transformers"), ["serve", "--host", "127.0.0.1", "--port", String(port)]);
    await untilPageHolds(`http://127.0.0.1:${port}/health`, "", server);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await folder?.rm();
  });

  test.each(["completions", "chat"])("%s: is measured with what it takes, as lengths of its own", async (endpoint) => {
    const measured = await measure(port, model, "--endpoint", endpoint);
    expectTruth(measured);
    expect(measured.cell.params).not.toEqual({});
  });
});
