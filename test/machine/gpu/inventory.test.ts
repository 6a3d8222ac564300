import { describe, expect, test } from "vitest";
import { gpuInventory } from "../../../src/machine/gpu/inventory.ts";
import { toolRoom, UUID } from "../../support/gpu-tools.ts";

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

  const watts = (value: number) => ({ value, unit: "W" });
  const mi300x = (gpu: number, limit: object) => ({
    gpu,
    asic: { market_name: "AMD Instinct MI300X", vendor_id: "0x1002", asic_serial: `0x6F1F0A2B3C4D5E6${gpu}` },
    vram: { type: "HBM3", size: { value: 196592, unit: "MB" } },
    driver: { name: "amdgpu", version: "6.10.10" },
    limit,
  });
  const clocks = [0, 1].map((gpu) => ({ gpu, clock: { gfx_0: { max_clk: { value: 2100, unit: "MHz" } } } }));

  test.each([
    [
      "ROCm 7.2",
      { gpu_data: [0, 1].map((gpu) => mi300x(gpu, { ppt0: { socket_power_limit: watts(750) }, ppt1: {} })) },
      { gpu_data: clocks },
    ],
    ["ROCm 6", [0, 1].map((gpu) => mi300x(gpu, { socket_power: watts(750), max_power: watts(1000) })), clocks],
  ])("of AMD by amd-smi of %s, even where rocm-smi is, too", async (_, facts, metric) => {
    const script = `case "$*" in
      "static --json") echo 'WARNING: [amdgpu] runs as a guest'; ${json(facts)};;
      "metric --clock --json") ${json(metric)};;
    esac`;
    const { gpus, ...rest } = await inventoryOf("amd-smi", script);
    expect(rest).toEqual({ gpu: "AMD Instinct MI300X", gpuCount: 2, driver: "6.10.10" });
    const facts0 = { name: rest.gpu, memoryMib: 196592, powerLimitW: 750, maxClockMhz: 2100 };
    expect(gpus).toEqual(Array(2).fill({ ...facts0, uuidHash: expect.stringMatching(/^[0-9a-f]{16}$/) }));
    expect(gpus![0]!.uuidHash).not.toBe(gpus![1]!.uuidHash);
  });

  test("of AMD that amd-smi does not tell are absent", async () => {
    const bare = { gpu: 0, asic: { market_name: "N/A", asic_serial: "N/A" }, vram: { size: "N/A" }, limit: "N/A" };
    const found = await inventoryOf("amd-smi", `[ $1 = static ] && ${json([bare])}`);
    expect(found).toEqual({ gpu: "AMD GPU", gpuCount: 1, driver: null, gpus: [{ name: "AMD GPU" }] });
  });

  test("of AMD by rocm-smi", async () => {
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

  const MAX_1550 = "Intel(R) Data Center GPU Max 1550";
  const listed = [0, 1].map((id) => ({ device_id: id, device_name: MAX_1550, uuid: `00000000-0000-002${id}` }));

  test("of Intel: the list's names, and of each device its memory, driver, clock and power limit", async () => {
    const details = {
      driver_version: "1.3.29735",
      memory_physical_size_byte: "68719476736",
      core_clock_rate_mhz: "1600",
    };
    const script = `case "$*" in
      "discovery -j") ${json({ device_list: listed })};;
      "discovery -d "?" -j") ${json(details)};;
      "config -d 0 -j") ${json({ device_id: 0, power_limit: 600, power_vaild_range: "1 to 600" })};;
      "config -d 1 -j") ${json({ error: "unsupported feature or insufficient privilege" })};;
    esac`;
    const { gpus, ...rest } = await inventoryOf("xpu-smi", script, { ZE_AFFINITY_MASK: "" });
    expect([gpus, rest]).toEqual([undefined, { gpu: null, gpuCount: 0, driver: "1.3.29735" }]);
    const facts = { name: MAX_1550, memoryMib: 65536, maxClockMhz: 1600, uuidHash: expect.any(String) };
    expect(await inventoryOf("xpu-smi", script)).toEqual({
      ...{ gpu: MAX_1550, gpuCount: 2, driver: "1.3.29735" },
      gpus: [{ ...facts, powerLimitW: 600 }, facts],
    });
  });

  test("of Intel that only the list tells are few", async () => {
    expect(await inventoryOf("xpu-smi", `[ "$*" = "discovery -j" ] && ${json({ device_list: listed })}`)).toEqual({
      ...{ gpu: MAX_1550, gpuCount: 2, driver: null },
      gpus: Array(2).fill({ name: MAX_1550, uuidHash: expect.any(String) }),
    });
  });

  test.each([
    ["nvidia-smi", "echo 'NVIDIA-SMI has failed'; exit 9"],
    ["amd-smi", "echo 'ERROR: Unable to detect any GPU devices, check amdgpu version and module status'; exit 1"],
    ["rocm-smi", "echo 'WARNING: no GPU'"],
    ["xpu-smi", "exit 1"],
  ] as const)("are none when %s finds no GPU", async (tool, script) => {
    expect(await inventoryOf(tool, script)).toEqual({});
  });
});
