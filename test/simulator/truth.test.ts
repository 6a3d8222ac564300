import { readFileSync } from "node:fs";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { JSON_HEADERS } from "../support/json-headers.ts";
import { startSimulator } from "../support/simulator.ts";

interface TruthLine {
  id: string;
  acceptedMs: number;
  scheduledMs: number | null;
  writtenMs: number[];
  dueMs: number[];
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  end: string;
}

const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;
const linesOf = (path: string) =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): TruthLine => JSON.parse(line));

function ask(url: string, id: string, { fault = "", ...body }: { fault?: string; [key: string]: unknown } = {}) {
  const headers = { ...JSON_HEADERS, "x-request-id": id, ...(fault === "" ? {} : { "x-pitwall-fault": fault }) };
  const whole = { prompt: Array(40).fill(7), max_tokens: 5, stream: true, ...body };
  return fetch(`${url}/v1/completions`, { method: "POST", headers, body: JSON.stringify(whole) });
}

test("the truth log holds a line for each request: its moments on the clock that other processes read", async () => {
  await using fixture = await createFixture();
  const path = fixture.getPath("truth.jsonl");
  const before = monotonicMs();
  await using engine = await startSimulator("--truth", path);
  await (await ask(engine.url, "first")).text();
  await (await ask(engine.url, "again", { n: 2, max_tokens: 3 })).text();
  await expect.poll(() => linesOf(path).length).toBe(2);
  const after = monotonicMs();
  const [first, again] = linesOf(path) as [TruthLine, TruthLine];
  expect(first).toMatchObject({ id: "first", inputTokens: 40, outputTokens: 5, cachedTokens: 0, end: "length" });
  expect(again).toMatchObject({ id: "again", inputTokens: 40, outputTokens: 6, cachedTokens: 64, end: "length" });
  const moments = [before, first.acceptedMs, first.scheduledMs!, ...first.writtenMs, after];
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  expect(first.dueMs).toHaveLength(5);
  first.writtenMs.forEach((written, i) => {
    expect(written).toBeGreaterThanOrEqual(first.dueMs[i]!);
  });
});

test("a fixed pace shows in the deadlines exactly", async () => {
  await using fixture = await createFixture();
  const path = fixture.getPath("truth.jsonl");
  await using engine = await startSimulator("--truth", path, "--fixed-ttft", "20", "--fixed-itl", "4");
  await (await ask(engine.url, "one")).text();
  await expect.poll(() => linesOf(path).length).toBe(1);
  const [{ acceptedMs, dueMs }] = linesOf(path) as [TruthLine];
  expect(dueMs.map((due) => due - acceptedMs)).toEqual([20, 24, 28, 32, 36].map((ms) => expect.closeTo(ms, 3)));
});

test("the truth log says how each request ended, those that the end of the engine broke off too", async () => {
  await using fixture = await createFixture();
  const path = fixture.getPath("truth.jsonl");
  await using engine = await startSimulator("--truth", path, "--model", "sim/h100-8b");
  await (await ask(engine.url, "status", { fault: "status=503" })).text();
  await ask(engine.url, "reset", { fault: "reset" }).catch(() => undefined);
  await (await ask(engine.url, "cut", { fault: "cut=2" })).text().catch(() => undefined);
  await (await ask(engine.url, "error", { fault: "error=1" })).text();
  await (await ask(engine.url, "short", { fault: "short=1" })).text();
  await (await ask(engine.url, "whole", { stream: false })).text();
  await (await ask(engine.url, "wrong", { max_tokens: 0 })).text();
  const open = await ask(engine.url, "open", { max_tokens: 4000 });
  await open.body!.getReader().read();
  engine.signal("SIGTERM");
  await engine.ended;
  const ends = Object.fromEntries(linesOf(path).map(({ id, end }) => [id, end]));
  expect(ends).toEqual({
    status: "fault status",
    reset: "fault reset",
    cut: "fault cut",
    error: "fault error",
    short: "fault short",
    whole: "length",
    wrong: "error",
    open: "abort",
  });
  const counts = Object.fromEntries(linesOf(path).map(({ id, outputTokens }) => [id, outputTokens]));
  expect(counts).toMatchObject({ status: 0, cut: 2, error: 1, short: 4, whole: 5 });
});

test("an engine that keeps the truth warms up first, which shows in no log and no metric, whatever its limits", async () => {
  await using fixture = await createFixture();
  const path = fixture.getPath("truth.jsonl");
  const limits = [
    "--model",
    "sim/模型",
    "--preset",
    "tiny",
    "--max-model-len",
    "64",
    "--kv-cache-tokens",
    "64",
    "--max-num-seqs",
    "1",
    "--fail-every",
    "1",
  ];
  await using engine = await startSimulator("--truth", path, ...limits);
  const metrics = await (await fetch(`${engine.url}/metrics`)).text();
  expect(metrics).toMatch(/^vllm:prompt_tokens_total\{.*\} 0(\.0)?$/m);
  await (await ask(engine.url, "the only one")).text();
  await expect.poll(() => linesOf(path).map(({ id }) => id)).toEqual(["the only one"]);
});
