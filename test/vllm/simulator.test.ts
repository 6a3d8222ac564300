import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, inject, test } from "vitest";
import { runCommand } from "../../src/machine/command.ts";
import { startSimulator } from "../support/simulator.ts";
import { CPU_ENVIRONMENT } from "./pitwall.ts";

const venv = inject("venv");
const REQUESTS = 40;

interface Served {
  completed: number;
  failed: number;
  output_lens: number[];
  ttfts: number[];
}

test.each([
  ["openai", "/v1/completions"],
  ["openai-chat", "/v1/chat/completions"],
])(
  "vllm bench serve with the backend %s measures the simulated engine unchanged, and no faster than the truth",
  async (backend, endpoint) => {
    await using fixture = await createFixture();
    const truthFile = fixture.getPath("truth.jsonl");
    await using engine = await startSimulator(
      "--fixed-ttft",
      "30",
      "--fixed-itl",
      "5",
      "--stagger",
      "--truth",
      truthFile,
    );
    const args = {
      backend,
      endpoint,
      "base-url": engine.url,
      model: "sim/tiny",
      tokenizer: join(venv, "tiny-llama"),
      "dataset-name": "random",
      "random-input-len": 100,
      "random-output-len": 20,
      "num-prompts": REQUESTS,
      "max-concurrency": 8,
      "result-dir": fixture.path,
      "result-filename": "result.json",
    };
    const flags = Object.entries(args).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const { exitCode, stdout, stderr } = await runCommand(
      join(venv, "bin", "vllm"),
      ["bench", "serve", "--save-result", "--save-detailed", ...flags],
      { env: { ...process.env, ...CPU_ENVIRONMENT } },
    );
    expect(exitCode, stdout + stderr).toBe(0);
    const served: Served = JSON.parse(readFileSync(fixture.getPath("result.json"), "utf8"));
    expect(served).toMatchObject({ completed: REQUESTS, failed: 0, output_lens: Array(REQUESTS).fill(20) });
    await expect.poll(() => truthOf(truthFile).length).toBe(REQUESTS);
    const truth = truthOf(truthFile);
    expect(new Set(truth.map(({ end, outputTokens }) => `${end} ${outputTokens}`))).toEqual(new Set(["length 20"]));
    const trueTtfts = truth.map(({ acceptedMs, writtenMs }) => (writtenMs[0]! - acceptedMs) / 1000);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(served.ttfts)).toBeGreaterThan(mean(trueTtfts));
  },
);

interface TruthLine {
  acceptedMs: number;
  writtenMs: number[];
  outputTokens: number;
  end: string;
}

const truthOf = (path: string) =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): TruthLine => JSON.parse(line));
