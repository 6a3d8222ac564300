import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { spreadOf } from "../../../src/result/metrics/repeats.ts";
import { readServeFile } from "../../../src/result/vllm/file.ts";
import { simulatedEngine } from "../../support/simulated-room.ts";

const CLOSED = { pairs: "30:8", requestRate: undefined, concurrency: "2", numPrompts: undefined, warmupRequests: "2" };

/** A request waits exactly when all places of the batch are taken. */
const FOUR_AT_ONCE = ["--max-num-seqs", "4"];

test("a search finds the concurrency from which requests queue", async () => {
  await using room = await simulatedEngine(...FOUR_AT_ONCE);
  // Four run at once, so of five one waits for the end of another's 200 steps of 1 ms, which makes a mean of 40 ms; of four none
  // does. What a busy machine holds up for a tenth of a second is a few requests of thirty.
  const load = {
    ...CLOSED,
    pairs: "30:200",
    duration: "1.6",
    concurrency: "2",
    find: "max-concurrency",
    slo: ["ttft_ms.mean<30"],
  };
  await room.serve({ ...load, findTolerance: "1%" });
  expect(await room.gated()).toMatchObject([
    {
      id: "serve-benchmark/in_30_out_200_max-concurrency",
      status: "ok",
      metrics: { found_concurrency: 4 },
      search: { find: "max-concurrency", objectives: ["ttft_ms.mean<30"] },
    },
  ]);
});

test("a search whose lowest level misses fails, and keeps its probes", async () => {
  await using room = await simulatedEngine();
  await room.serve({ ...CLOSED, concurrency: "1", find: "max-concurrency", slo: ["ttft_ms.p50<0.001"] });
  expect(await room.gated()).toMatchObject([
    { status: "failed", reason: "objectives_missed", search: { probes: [{ level: 1, meets: false }] } },
  ]);
});

test("repeats keep each one's value, and the numbers are their medians", async () => {
  await using room = await simulatedEngine();
  await room.serve({ ...CLOSED, repeats: "3", resultFormat: "vllm", saveRequests: true });
  const [cell] = await room.gated();
  if (cell?.status !== "ok") return expect.unreachable(`it is ${cell?.status}`);
  const values = cell.repeats!.metrics.ttft_ms as number[];
  expect(values).toHaveLength(3);
  const [lowest, median, highest] = values.toSorted((a, b) => a - b);
  expect(spreadOf(values)).toMatchObject({ median, interval: [lowest, highest] });
  expect(cell.metrics.ttft_ms).toMatchObject({ count: 60, p50: median });
  const raw = `${room.output}/raw/serve-benchmark/in_30_out_8_concurrency_2`;
  for (const repeat of [1, 2, 3]) {
    const file = `${raw}_repeat_${repeat}.json`;
    expect(readServeFile(readFileSync(file, "utf8"), file)).toMatchObject({ numPrompts: 20, completed: 20, failed: 0 });
    const { requests, tokens } = JSON.parse(readFileSync(`${raw}_repeat_${repeat}.requests.json`, "utf8"));
    expect([requests.sentMs.length, tokens.arrivedMs.length]).toEqual([20, 160]);
  }
});

test("repeats end with the first that fails, and the message says which", async () => {
  await using room = await simulatedEngine("--fail-every", "30");
  await room.serve({ ...CLOSED, repeats: "5" });
  const detail = expect.stringMatching(/^repeat 2 of 2: 1 of 20 requests failed: http_500 ×1/);
  expect(await room.gated()).toMatchObject([{ status: "failed", reason: "incomplete_requests", detail }]);
});

test("until-ci repeats at least three times, and not beyond its cap", async () => {
  await using room = await simulatedEngine();
  await room.serve({ ...CLOSED, untilCi: "0.000001%", maxRepeats: "3", ciMetric: "ttft_ms" });
  const [cell] = await room.gated();
  expect(cell).toMatchObject({ status: "ok", repeats: { count: 3 } });
});

test("a client beyond its limits fails the cell, which keeps no numbers of it", async () => {
  await using room = await simulatedEngine();
  await room.serve({ ...CLOSED, clientLimits: "utilization=0.000001" });
  const [cell] = await room.gated();
  expect(cell).toMatchObject({ status: "failed", reason: "client_limited", completed: 20, failed: 0 });
  expect(cell).toMatchObject({ detail: expect.stringContaining("its event loop was") });
  expect(cell).not.toHaveProperty("metrics");
});

test("several threads, limits of a request and files that nobody asked for", async () => {
  await using room = await simulatedEngine();
  await room.serve({ ...CLOSED, clientThreads: "2", slo: ["ttft_ms<60000", "tpot_ms<60000"] });
  const [cell] = await room.gated();
  if (cell?.status !== "ok") return expect.unreachable(`it is ${cell?.status}`);
  expect(cell.health).toMatchObject({ threads: 2 });
  expect(cell.metrics.request_goodput_req_s).toBe(cell.metrics.request_throughput_req_s);
  expect(existsSync(`${room.output}/raw`)).toBe(false);
});
