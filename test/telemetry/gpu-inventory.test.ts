import { describe, expect, test } from "vitest";
import { gpuInventory } from "../../src/telemetry/gpu-inventory.ts";
import { toolRoom, UUID } from "../support/gpu-tools.ts";

type Tool = Parameters<typeof toolRoom>[0];

async function inventoryOf(tool: Tool, script: string, env: NodeJS.ProcessEnv = {}) {
  await using room = await toolRoom(tool, script);
  return await gpuInventory({ ...room.env, ...env }, new AbortController().signal);
}

const H100 = (index: number, mig = "Disabled") =>
  `${index}, ${UUID[index]}, NVIDIA H100 80GB HBM3, 550.54.15, 81559, 700.00, 1980, [N/A], ${mig}`;
const rows = (...lines: string[]) => `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")}`;
const json = (value: object) => `echo '${JSON.stringify(value)}'`;

describe("GPU facts", () => {
  test("of NVIDIA: memory, limit, clocks, MIG, and a hash in place of the UUID", async () => {
    const found = await inventoryOf("nvidia-smi", rows(H100(0), H100(1, "Enabled")));
    const h100 = { name: "NVIDIA H100 80GB HBM3", memoryMib: 81559, powerLimitW: 700, maxClockMhz: 1980 };
    const uuidHash = expect.stringMatching(/^[0-9a-f]{16}$/);
    expect(found).toEqual({
      gpu: "NVIDIA H100 80GB HBM3",
      gpuCount: 2,
      driver: "550.54.15",
      gpus: [
        { ...h100, mig: false, uuidHash },
        { ...h100, mig: true, uuidHash },
      ],
    });
    expect(new Set(found.gpus!.map((gpu) => gpu.uuidHash)).size).toBe(2);
    for (const uuid of UUID) expect(JSON.stringify(found)).not.toContain(uuid);
  });

  test.each([
    ["1", 1],
    [`${UUID[0]},1`, 2],
    ["", 0],
  ])("count only the GPUs of CUDA_VISIBLE_DEVICES=%s", async (CUDA_VISIBLE_DEVICES, count) => {
    const found = await inventoryOf("nvidia-smi", rows(H100(0), H100(1)), { CUDA_VISIBLE_DEVICES });
    expect(found.gpuCount).toBe(count);
    expect(found.gpus?.length ?? 0).toBe(count);
  });

  test("of a driver that does not know a field leave out that one", async () => {
    const script = `case "$1" in
      *mig.mode*) echo 'Field "mig.mode.current" is not a valid field to query.'; exit 2;;
      *) ${rows(H100(0).replace(", Disabled", ""))};;
    esac`;
    const { gpus } = await inventoryOf("nvidia-smi", script);
    expect(gpus).toMatchObject([{ memoryMib: 81559 }]);
    expect(gpus![0]).not.toHaveProperty("mig");
  });

  test("of AMD", async () => {
    const card = {
      "Card Series": "AMD Instinct MI300X",
      "Unique ID": "0x1234567890abcdef",
      "Max Graphics Package Power (W)": "750.0",
      "VRAM Total Memory (B)": "206141652992",
    };
    const system = { "Driver version": "6.7.0" };
    const { gpus, ...rest } = await inventoryOf("rocm-smi", json({ card0: card, system }));
    expect(rest).toEqual({ gpu: "AMD Instinct MI300X", gpuCount: 1, driver: "6.7.0" });
    expect(gpus).toMatchObject([{ memoryMib: 196592, powerLimitW: 750, uuidHash: expect.any(String) }]);
  });

  test("of Intel", async () => {
    const device = { device_id: 0, device_name: "Intel(R) Data Center GPU Max 1550", uuid: "00000000-0000-0000" };
    expect(await inventoryOf("xpu-smi", json({ device_list: [device] }))).toMatchObject({
      gpu: "Intel(R) Data Center GPU Max 1550",
      gpuCount: 1,
      gpus: [{ uuidHash: expect.any(String) }],
    });
  });

  test.each([
    ["nvidia-smi", "echo 'NVIDIA-SMI has failed'; exit 9"],
    ["rocm-smi", "echo 'WARNING: no GPU'"],
    ["xpu-smi", "exit 1"],
  ] as const)("are none when %s finds no GPU", async (tool, script) => {
    expect(await inventoryOf(tool, script)).toEqual({});
  });
});
