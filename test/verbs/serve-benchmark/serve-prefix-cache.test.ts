import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { simulatedEngine } from "../../support/simulated-room.ts";

const line = (at: number, hashes: number[]) =>
  JSON.stringify({ timestamp: 20 * at, input_length: 512 * hashes.length, output_length: 2, hash_ids: hashes });

async function warningsOf(lines: string[]): Promise<string[]> {
  await using room = await simulatedEngine("--no-enable-prefix-caching");
  await using folder = await createFixture({ "trace.jsonl": lines.join("\n") });
  const dataset = `trace:${folder.getPath("trace.jsonl")}`;
  const load = { requestRate: undefined, pairs: undefined, numPrompts: undefined, warmupRequests: "0" };
  await room.serve({ ...load, dataset, sampleInterval: "0.1" });
  const [cell] = await room.cells();
  return cell?.status === "measured" ? (cell.telemetry?.warnings ?? []) : expect.unreachable(JSON.stringify(cell));
}

test("a trace whose prompts share nothing needs no prefix cache, and gives no warning", async () => {
  expect(await warningsOf([1, 2, 3, 4].map((id) => line(id, [id])))).toEqual([]);
});

test("a trace whose prompts share their beginning gives one where the cache is off", async () => {
  expect(await warningsOf([1, 2, 3, 4].map((id) => line(id, [9, id])))).toEqual([
    expect.stringContaining("none of their tokens came from the prefix cache"),
  ]);
});
