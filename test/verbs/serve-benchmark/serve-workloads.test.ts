import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import type { RunCell } from "../../../src/result/document/run.ts";
import { simulatedEngine } from "../../support/simulated-room.ts";

const OPEN = { pairs: "30:4", requestRate: undefined, numPrompts: undefined, warmupRequests: "0", minutes: "0.02" };

async function ok(cells: Promise<RunCell[]>): Promise<Extract<RunCell, { status: "ok" }>[]> {
  return (await cells).map((cell) => (cell.status === "ok" ? cell : expect.unreachable(JSON.stringify(cell))));
}

/** Each benchmark adds its cells to those before. */
const named = <C extends { id: string }>(cells: readonly C[], part: string) =>
  cells.find(({ id }) => id.includes(part));

test("ramps, bursts, ranges and chats are measured, each under its own name", async () => {
  await using room = await simulatedEngine();
  await room.serve({ ...OPEN, ramp: "10:100" });
  const [ramp] = await ok(room.gated());
  expect(ramp).toMatchObject({ id: "serve-benchmark/in_30_out_4_ramp_10_100", metrics: { completed: 66, failed: 0 } });
  await room.serve({ ...OPEN, bursts: "10@0.5" });
  const bursts = named(await room.cells(), "bursts");
  if (bursts?.status !== "measured" || bursts.measurement.kind !== "requests") return expect.unreachable();
  expect([...new Set(bursts.measurement.requests.scheduledMs)]).toEqual([0, 500, 1000]);
  await room.serve({ ...OPEN, requestRate: "50", rangeRatio: "0.5", endpoint: "chat" });
  const chat = named(await room.cells(), "_chat");
  if (chat?.status !== "measured" || chat.measurement.kind !== "requests") return expect.unreachable();
  const { askedOutputTokens, outputTokens, errors } = chat.measurement.requests;
  expect(errors.every((error) => error === null)).toBe(true);
  expect(outputTokens).toEqual(askedOutputTokens);
  expect(new Set(outputTokens)).toEqual(new Set([2, 3, 4, 5, 6]));
});

const hits = (cell: RunCell) => (cell.status === "ok" ? cell.telemetry?.engine?.prefixCacheHitTokens : undefined);
const warnings = (cell: RunCell) => (cell.status === "ok" ? cell.telemetry?.warnings : undefined);

test("random prompts meet no prefix of another's, in no cell and not in the warm-up", async () => {
  await using room = await simulatedEngine();
  await room.serve({ ...OPEN, pairs: "64:2,80:2", concurrency: "4", warmupRequests: "8" });
  const cells = await ok(room.gated());
  expect(cells.map(hits)).toEqual([0, 0]);
  expect(cells.map(warnings)).toEqual([[], []]);
});

test("a shared prefix is found by the cache as the workload means it, without a warning", async () => {
  await using room = await simulatedEngine();
  await room.serve({ ...OPEN, pairs: "64:2", concurrency: "2", sharedPrefix: "32", warmupRequests: "2" });
  const [cell] = await ok(room.gated());
  expect(hits(cell!)).toBe(20 * 32);
  expect(warnings(cell!)).toEqual([]);
});

test("a trace shares the blocks that it says, and lists are sent as they are", async () => {
  const line = (timestamp: number, hash_ids: number[]) =>
    JSON.stringify({ timestamp, input_length: 1024, output_length: 3, hash_ids });
  await using folder = await createFixture({
    "trace.jsonl": [line(0, [1, 2]), line(300, [1, 3]), line(600, [4, 5])].join("\n"),
    "own.jsonl": '{"prompt":[5,6,7],"output_tokens":2}\n{"prompt":"hello there","output_tokens":4}\n',
    "gpt.json": JSON.stringify([
      {
        conversations: [
          { from: "human", value: "How are you?" },
          { from: "gpt", value: "I am fine, thanks." },
        ],
      },
    ]),
  });
  await using room = await simulatedEngine();
  const file = (name: string) => folder.getPath(name);
  await room.serve({ ...OPEN, dataset: `trace:${file("trace.jsonl")}` });
  const [trace] = await ok(room.gated());
  expect([hits(trace!), trace!.metrics.completed]).toEqual([512, 3]);
  await room.serve({ ...OPEN, dataset: `jsonl:${file("own.jsonl")}`, concurrency: "1", numPrompts: "2" });
  const own = named(await room.cells(), "own.jsonl");
  if (own?.status !== "measured" || own.measurement.kind !== "requests") return expect.unreachable();
  expect(own.measurement.requests.outputTokens.toSorted()).toEqual([2, 4]);
  await room.serve({
    ...OPEN,
    dataset: `sharegpt:${file("gpt.json")}`,
    concurrency: "1",
    numPrompts: "1",
    endpoint: "chat",
  });
  const gpt = named(await ok(room.gated()), "gpt.json");
  expect(gpt).toMatchObject({ id: "serve-benchmark/sharegpt_gpt.json_concurrency_1_chat", metrics: { completed: 1 } });
});
