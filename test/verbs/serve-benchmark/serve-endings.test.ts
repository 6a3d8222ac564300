import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { signalGroup } from "../../../src/machine/process.ts";
import { Run } from "../../../src/result/document/run.ts";
import { startPitwall } from "../../support/cli.ts";
import { inProcess } from "../../support/command-line.ts";
import { simulatedEngine } from "../../support/simulated-room.ts";

/** Slow enough to be in mid-answer whenever something happens. */
const SLOW = ["--fixed-ttft", "20", "--fixed-itl", "50", "--stagger"];
/** Resolves when a number of the engine's own /metrics has come to a level. */
async function reaches(level: number, metric: string, { baseUrl }: { baseUrl: string | null }): Promise<void> {
  const line = new RegExp(`^${metric}{.*} (\\S+)$`, "m");
  const now = async () => Number(line.exec(await (await fetch(`${baseUrl}/metrics`)).text())?.[1]);
  await expect.poll(now, { interval: 50, timeout: 20_000 }).toBeGreaterThanOrEqual(level);
}
const RUNNING = "vllm:num_requests_running";
const TOKENS = "vllm:generation_tokens_total";

const STREAMS = { pairs: "30:100", requestRate: undefined, numPrompts: "96", warmupRequests: "0" };

test.each([
  ["a closed loop", { ...STREAMS, concurrency: "64" }],
  ["an open loop", { ...STREAMS, requestRate: "60" }],
])("an engine killed under %s of many streams ends them all, and the cell says so", async (_, load) => {
  await using room = await simulatedEngine(...SLOW);
  const running = room.serve(load);
  await reaches(20, RUNNING, room.engine);
  signalGroup(room.engine.pid!, "SIGKILL");
  await running;
  const [cell] = await room.cells();
  expect(cell).toMatchObject({
    status: "failed",
    reason: "engine_crashed",
    logTail: expect.stringContaining("simulated"),
  });
  if (cell?.status !== "failed" || cell.measurement?.kind !== "requests")
    return expect.unreachable("requests were sent");
  const { errors, sentMs, outputTokens } = cell.measurement.requests;
  expect(errors).toHaveLength(96);
  expect(errors.every((error) => error === null || /^(cut_off|refused|cancelled):/.test(error))).toBe(true);
  expect(sentMs.filter((sent) => sent !== null).length).toBeGreaterThan(10);
  expect(outputTokens.every((count) => count <= 100)).toBe(true);
});

test("an engine that stops answering ends as timeouts, and as unhealthy", async () => {
  await using room = await simulatedEngine(...SLOW);
  const running = room.serve({ ...STREAMS, concurrency: "8", numPrompts: "8", requestTimeout: "1.5" });
  await reaches(8, RUNNING, room.engine);
  signalGroup(room.engine.pid!, "SIGSTOP");
  await pause(2000);
  signalGroup(room.engine.pid!, "SIGCONT");
  await running;
  const [cell] = await room.gated();
  expect(cell).toMatchObject({
    status: "failed",
    detail: expect.stringContaining("timeout ×8"),
    completed: 0,
    failed: 8,
  });
});

test("an engine that dies under a search fails the cell: its misses say nothing of the level", async () => {
  await using room = await simulatedEngine("--crash-after-requests", "15");
  const search = { find: "max-concurrency", findTolerance: "100%", slo: ["ttft_ms.p99<60000"] };
  const closed = {
    pairs: "30:4",
    requestRate: undefined,
    concurrency: "1",
    numPrompts: undefined,
    warmupRequests: "0",
  };
  await room.serve({ ...closed, ...search });
  expect(await room.gated()).toMatchObject([
    {
      status: "failed",
      reason: "engine_crashed",
      search: {
        probes: [{ level: 1, meets: true }],
      },
    },
  ]);
});

const CLOSED = ["--pairs", "30:100,40:100", "--concurrency", "4", "--num-prompts", "40", "--warmup-requests", "0"];

const TINY = ["--pairs", "30:5,40:5"];
const FIND = ["--find", "max-concurrency", "--slo", "ttft_ms.p99<60000"];

test.each([
  ["a closed loop", 1, CLOSED],
  ["a duration", 1, ["--pairs", "30:20,40:20", "--concurrency", "4", "--duration", "60", "--warmup-requests", "0"]],
  // The second of them: one has 20 tokens.
  ["repeats", 21, [...TINY, "--concurrency", "2", "--num-prompts", "4", "--repeats", "50", "--warmup-requests", "0"]],
  ["a search", 1, ["--pairs", "30:100,40:100", "--concurrency", "4", ...FIND, "--warmup-requests", "0"]],
  // All that comes is the warm-up.
  ["a wait for a far moment", 5, [...TINY, "--request-rate", "0.01", "--num-prompts", "3", "--warmup-requests", "1"]],
])("Ctrl-C in %s keeps what was measured, and skips the rest", async (_, tokensBefore, args) => {
  await using room = await simulatedEngine(...SLOW);
  const measuring = ["serve-benchmark", "--output", room.output, "--client-limits", "off", ...args];
  const { child, ended } = startPitwall(measuring);
  await reaches(tokensBefore, TOKENS, room.engine);
  // Until the client has them, too.
  await pause(300);
  child.kill("SIGINT");
  const { exitCode, stderr } = await ended;
  expect(exitCode).toBe(1);
  expect(stderr).toContain("SIGINT: ending, and keeping what was measured");
  const [first, second] = await room.gated();
  expect(first).toMatchObject({ status: "failed", reason: "cancelled" });
  expect(second).toMatchObject({ status: "skipped", reason: "cancelled" });
  const processed = await inProcess(["post-process", "--output", room.output]);
  expect([processed.exitCode, Run.parse(JSON.parse(readFileSync(`${room.output}/run.json`, "utf8"))).outcome]).toEqual([
    1,
    "cancelled",
  ]);
});

test("a second Ctrl-C ends at once", async () => {
  await using room = await simulatedEngine(...SLOW);
  const { child, ended } = startPitwall(["serve-benchmark", "--output", room.output, ...CLOSED]);
  await reaches(1, TOKENS, room.engine);
  child.kill("SIGINT");
  child.kill("SIGINT");
  expect((await ended).exitCode).toBe(1);
});
