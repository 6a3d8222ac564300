import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, inject, test } from "vitest";
import { FunctionalReport } from "../../src/functional/report/report.ts";
import { json, pitwall, processesIn } from "./pitwall.ts";

const venv = inject("venv");

/**
 * A model that knows nothing would write blanks up to its limit wherever a JSON grammar takes them; its reasoning is as
 * good as any other's in form.
 */
const ENGINE_ARGS = [
  "--load-format dummy --enforce-eager --max-model-len 2048",
  "--enable-auto-tool-choice --tool-call-parser pythonic --reasoning-parser qwen3",
  `--structured-outputs-config '{"backend": "xgrammar", "disable_any_whitespace": true}'`,
].join(" ");

const KEYS = ["VLLM_API_KEY", "PITWALL_API_KEY"];

/** What vLLM 0.32 lacks: a page of one model, and a suffix for models that are not made to fill a gap. */
const UNSUPPORTED = ["models.retrieve", "completions.suffix"];

test("real vLLM conforms to the whole suite but for what it lacks", async () => {
  await using folder = await createFixture({});
  const run = (...args: string[]) => pitwall(venv, folder.path, ...args).ended;
  const model = join(venv, "tiny-llama");
  // vLLM's own variable, and that of whoever asks.
  for (const name of KEYS) process.env[name] = "none-of-yours";
  try {
    const started = await run(
      "start-engine",
      "--engine",
      "vllm",
      "--model",
      model,
      "--port",
      "0",
      "--engine-args",
      ENGINE_ARGS,
    );
    expect(started.exitCode, started.stderr).toBe(0);
    const { exitCode, stdout, stderr } = await run("check-functional", "--fail-on", "may", "--quiet");
    const report = FunctionalReport.parse(json(folder.getPath(".pitwall/out/functional.json")));
    console.log(stdout);
    const others = report.results.filter(({ outcome }) => outcome !== "conforms");
    expect(others.map(({ id, outcome, reason }) => [id, outcome, reason])).toEqual(
      UNSUPPORTED.map((id) => [id, "unsupported", undefined]),
    );
    expect(exitCode, stderr).toBe(0);
  } finally {
    await run("start-engine", "--stop");
    for (const name of KEYS) delete process.env[name];
  }
  expect(processesIn(folder.path)).toEqual([]);
}, 900_000);
