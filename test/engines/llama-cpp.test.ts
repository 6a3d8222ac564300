import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { expectTruth } from "./expectations.ts";
import { measure } from "./measure.ts";
import { freePort, type RunningServer, startServer, untilPageHolds } from "./server.ts";

const SERVERS = join(import.meta.dirname, "servers");
const MODEL = "tiny.gguf";

describe("llama.cpp's server, which closes the connection after each streamed answer", () => {
  let folder: FsFixture;
  let server: RunningServer;
  let port: number;
  beforeAll(async () => {
    folder = await createFixture({});
    const python = join(inject("venvs")["llama-cpp"], "bin", "python");
    const model = folder.getPath(MODEL);
    execFileSync(python, [join(SERVERS, "tiny_gguf.py"), model]);
    port = await freePort();
    server = startServer(python, [join(SERVERS, "llama_cpp.py"), model, String(port)]);
    await untilPageHolds(`http://127.0.0.1:${port}/v1/models`, MODEL, server);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await folder?.rm();
  });

  test.each(["completions", "chat"])("%s: no request is lost, and the finish reason is no token", async (endpoint) => {
    const { gapsMs, outputTokens } = expectTruth(await measure(port, MODEL, "--endpoint", endpoint));
    // The bytes of one character are tokens of their own here, and come together: never more events than tokens.
    expect(gapsMs.filter((gaps, place) => gaps.length + 1 > outputTokens[place]!)).toEqual([]);
  });

  test("40 requests one after the other are 40 answers", async () => {
    const measured = await measure(port, MODEL, "--concurrency", "1", "--num-prompts", "40");
    expect(expectTruth(measured).errors).toHaveLength(40);
  });
});
