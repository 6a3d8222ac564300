import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { lockClocks } from "../../../src/telemetry/quiet/lock-clocks.ts";
import { toolRoom } from "../../support/gpu-tools.ts";
import { recordingTools } from "../../support/recording-tools.ts";

/** Two GPUs, of which the second tells no application clock; what is done to them goes into a file. */
const smi = (lock = "exit 0") => `
case "$1" in
  --query-gpu=*)
    echo '0, GPU-8932f937-d72c-4106-c12f-20bd9faed9f6, NVIDIA H100, 570.1, 81559, 700.00, 1980, 1755, Disabled'
    echo '1, GPU-1aa1bb22-0000-4106-c12f-20bd9faed9f7, NVIDIA H100, 570.1, 81559, 700.00, 1980, [N/A], Disabled';;
  *) echo "$*" >> "$(dirname "$0")/calls"; case "$3" in -lgc) ${lock};; esac;;
esac`;

describe("locked clocks", () => {
  test("are the application clock, else the highest, and are given back", async () => {
    await using room = await toolRoom("nvidia-smi", smi());
    {
      await using clocks = await lockClocks(recordingTools({ env: room.env }));
      expect(clocks.mhz).toEqual([1755, 1980]);
      expect(room.calls()).toEqual(["-i 0 -lgc 1755,1755", "-i 1 -lgc 1980,1980"]);
    }
    expect(room.calls().at(-1)).toBe("-i 0,1 -rgc");
  });

  test("are those of the GPUs that an engine would see alone", async () => {
    await using room = await toolRoom("nvidia-smi", smi());
    {
      await using clocks = await lockClocks(recordingTools({ env: { ...room.env, CUDA_VISIBLE_DEVICES: "1" } }));
      expect(clocks.mhz).toEqual([1980]);
    }
    expect(room.calls()).toEqual(["-i 1 -lgc 1980,1980", "-i 1 -rgc"]);
  });

  test("are given back when whoever locked them is killed", async () => {
    await using room = await toolRoom("nvidia-smi", smi());
    const module = join(import.meta.dirname, "../../../src/telemetry/quiet/lock-clocks.ts");
    const code = `import { lockClocks } from ${JSON.stringify(module)}; await lockClocks({ env: process.env }); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], { env: room.env, stdio: "ignore" });
    while (!existsSync(room.path("calls")) || room.calls().length < 2) await sleep(20);
    child.kill("SIGKILL");
    await once(child, "exit");
    await expect.poll(() => readFileSync(room.path("calls"), "utf8"), { timeout: 10_000 }).toContain("-i 0,1 -rgc");
  });
});

test("where they may not be locked it says why, and none stays locked", async () => {
  const refusal = "echo 'The current user does not have permission to change clocks for GPU 00000000:01:00.0.'; exit 4";
  await using room = await toolRoom("nvidia-smi", smi(refusal));
  await using clocks = await lockClocks(recordingTools({ env: room.env }));
  expect(clocks.mhz).toBeUndefined();
  expect(clocks.problem).toContain("does not have permission to change clocks");
  expect(room.calls().at(-1)).toBe("-i 0,1 -rgc");
});

test("without nvidia-smi there is nothing to lock", async () => {
  await using clocks = await lockClocks(recordingTools({ env: { PATH: "" } }));
  expect(clocks.problem).toBe("there is no nvidia-smi, which could lock clocks");
});
