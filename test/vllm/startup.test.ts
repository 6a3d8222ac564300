import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, inject, test } from "vitest";
import { type Cell, Cell as CellSchema } from "../../src/result/document/cell.ts";
import { json, pitwall, processesIn } from "./pitwall.ts";

const venv = inject("venv");
const ENGINE_ARGS = "--load-format dummy --max-model-len 512 --max-num-seqs 4";

/** The only start of a cell. */
function startOf(cell: Cell) {
  if (cell.status !== "measured" || cell.measurement.kind !== "starts") throw new Error(JSON.stringify(cell));
  return cell.measurement.starts[0]!;
}

test("a cold and a warm start of real vLLM, which compiles, have the phases that its log names", async () => {
  await using folder = await createFixture({});
  const args = [
    ...["startup-benchmark", "--engine", "vllm", "--model", join(venv, "tiny-llama"), "--port", "0"],
    ...["--engine-args", ENGINE_ARGS, "--cold-starts", "1", "--warm-starts", "1"],
  ];
  const { exitCode, stderr } = await pitwall(venv, folder.path, ...args).ended;
  expect(exitCode, stderr).toBe(0);
  const read = (name: string) =>
    startOf(CellSchema.parse(json(folder.getPath(`.pitwall/out/cells/startup-benchmark/${name}.json`))));
  const [cold, warm] = [read("cold"), read("warm")];
  console.log(`cold ${JSON.stringify(cold)}\nwarm ${JSON.stringify(warm)}`);
  for (const { readySeconds, phases } of [cold, warm]) {
    expect(phases!.initSeconds).toBeGreaterThan(0);
    expect(readySeconds).toBeGreaterThan(phases!.initSeconds!);
  }
  expect(processesIn(folder.path)).toEqual([]);
  expect(readdirSync(folder.getPath(".pitwall/out"))).not.toContain("start-cache");
}, 600_000);
