import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { withMaxModelLen } from "../../src/engine/shrink.ts";
import { Run } from "../../src/result/document/run.ts";
import { contextKey, contextOf } from "../../src/result/series/series.ts";
import { startEngine } from "../../src/verbs/start-engine/start-engine.ts";
import { pitwall } from "../support/cli.ts";
import { engineRoom } from "../support/fake-engine.ts";
import { recordingTools } from "../support/recording-tools.ts";

describe("an engine without memory for its context", () => {
  async function start(engineArgs: string[], onOom?: string) {
    await using room = await engineRoom();
    const tools = recordingTools({ env: room.env });
    const inputs = startEngine.inputs.parse({ ...(await room.inputs()), engineArgs, onOom });
    const error = await startEngine.run(inputs, tools).then(
      () => undefined,
      (cause) => cause,
    );
    const record = error === undefined ? await room.recorded() : undefined;
    return { error, record, said: tools.said, log: existsSync(join(room.output, "logs/engine-out-of-memory.log")) };
  }

  test("is not started again unasked", async () => {
    const { error, said } = await start(["--fake-kv-tokens", "60416"]);
    expect(error).toMatchObject({ reason: "out_of_memory", longestContext: 60_416 });
    expect(said).toEqual([]);
  });

  test("is started once more with the length that fits, loudly, and recorded with it", async () => {
    const { record, said, log } = await start(["--max-model-len", "100000", "--fake-kv-tokens", "60416"], "shrink");
    expect(record).toMatchObject({
      args: ["--fake-kv-tokens", "60416", "--max-model-len", "60416"],
      maxModelLen: 60_416,
      shrunk: { from: 100_000, to: 60_416 },
    });
    expect(said).toEqual([expect.stringMatching(/^warning: .*Starting it once more with --max-model-len 60416/)]);
    expect(log).toBe(true);
  });

  test("that fails otherwise is not started again", async () => {
    const { error, said } = await start(["--fake-exit", "3"], "shrink");
    expect(error).toMatchObject({ reason: "engine_crashed" });
    expect(said).toEqual([]);
  });

  test.each([[["--max-model-len", "9", "-tp", "2"]], [["-tp", "2", "--max_model_len=9"]], [["-tp", "2"]]])(
    "gets its length in place of another: %j",
    (args) => expect(withMaxModelLen(args, 64)).toEqual(["-tp", "2", "--max-model-len", "64"]),
  );
});

describe("a run whose engine has no memory for its context", () => {
  async function run(outputLen: string) {
    await using room = await engineRoom();
    await using folder = await createFixture({});
    const { port } = await room.inputs();
    const args = [
      ...["run", "--engine", "vllm", "--mode", "server", "--model", "tiny-llama", "--port", String(port)],
      ...["--skip-site", "--batch-sizes", "1", "--input-len", "16", "--output-len", outputLen, "--pairs", "16:4"],
      ...["--on-oom", "shrink", "--engine-args", "--fake-kv-tokens 4096 --fake-kill"],
    ];
    const { stdout, stderr } = await pitwall(args, folder.path, { PITWALL_VLLM: `${room.bin}/vllm` });
    const document = Run.parse(JSON.parse(readFileSync(folder.getPath(".pitwall/out/run.json"), "utf8")));
    return { document, printed: stdout + stderr };
  }

  test("says in its document which length it was", async () => {
    const { document, printed } = await run("4");
    expect(document.engine.args).toEqual(expect.arrayContaining(["--max-model-len", "4096"]));
    expect(document.engine.shrunk).toEqual({ from: null, to: 4096 });
    expect(contextKey(contextOf(document))).toContain(",4096,[");
    expect(printed).toContain("Starting it once more with --max-model-len 4096");
  });

  test("does not shrink it below what the run asks for", async () => {
    const { document } = await run("5000");
    const [cell] = document.cells;
    expect(cell).toMatchObject({
      reason: "out_of_memory",
      detail: expect.stringContaining("not tried with 4096 (--on-oom shrink): the requests need 5016 tokens"),
    });
  });
});
