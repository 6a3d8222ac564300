import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, inject, test } from "vitest";
import { expectTokenEachEvent, expectTruth } from "./expectations.ts";
import { measureWith } from "./measure.ts";
import { freePort, type RunningServer, startServer, untilPageHolds } from "./server.ts";

const SIMULATOR = join(import.meta.dirname, "..", "..", "dist", "simulator.mjs");

describe("LiteLLM's proxy before the simulated engine", () => {
  let folder: FsFixture;
  let engine: RunningServer;
  let proxy: RunningServer;
  let port: number;
  // It starts with no weaker key than this.
  const key = `sk-${randomBytes(32).toString("hex")}`;
  beforeAll(async () => {
    const enginePort = await freePort();
    port = await freePort();
    engine = startServer(process.execPath, [SIMULATOR, "--port", String(enginePort), "--model", "sim"]);
    await untilPageHolds(`http://127.0.0.1:${enginePort}/v1/models`, "sim", engine);
    const upstream = { api_base: `http://127.0.0.1:${enginePort}/v1`, api_key: "none" };
    const models = ["hosted_vllm/sim"].map((model) => ({ model_name: "sim", litellm_params: { model, ...upstream } }));
    folder = await createFixture({ "config.json": JSON.stringify({ model_list: models }) });
    const args = ["--config", folder.getPath("config.json"), "--host", "127.0.0.1", "--port", String(port)];
    proxy = startServer(join(inject("venvs").litellm, "bin", "litellm"), [...args, "--telemetry", "False"], {
      LITELLM_MASTER_KEY: key,
    });
    await untilPageHolds(`http://127.0.0.1:${port}/v1/models`, "sim", proxy, { authorization: `Bearer ${key}` });
  });
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await engine?.[Symbol.asyncDispose]();
    await folder?.rm();
  });

  test.each(["completions", "chat"])(
    "%s: neither the finish reason nor the usage chunk is a token",
    async (endpoint) => {
      expectTokenEachEvent(
        expectTruth(await measureWith({ PITWALL_API_KEY: key }, port, "sim", "--endpoint", endpoint)),
      );
    },
  );
});
