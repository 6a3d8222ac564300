import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { startProcess, stopGroup } from "../../../src/machine/process.ts";
import { watchGpus } from "../../../src/telemetry/gpu/watch-gpus.ts";
import { amdGpu, loop, nvidiaRow, nvidiaSmi, rocmCard, toolRoom, UUID, XPU_HEADER } from "../../support/gpu-tools.ts";

const never = new AbortController().signal;
const started: number[] = [];
afterEach(async () => {
  for (const pid of started.splice(0)) await stopGroup(pid, 0);
});

/** An engine's process: all that it needs is a pid. */
function engine(): number {
  const { pid } = startProcess("sleep", ["600"], { stdio: "ignore" });
  started.push(pid!);
  return pid!;
}

type Room = Awaited<ReturnType<typeof toolRoom>>;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Watches for half a second from the tool's start on, with more environment. */
async function watch(room: Room, { enginePid = null as number | null, signal = never, env = {} } = {}) {
  const fromMs = performance.now();
  const watching = watchGpus({ env: { ...room.env, ...env }, enginePid, signal })!;
  await expect.poll(room.started, { timeout: 20_000 }).toBe(true);
  await pause(500);
  return watching.finish({ fromMs, toMs: performance.now() });
}

const numbers = { mean: 300, max: 300 };

describe("nvidia-smi", () => {
  test("tells power, clocks, temperature and memory of every GPU, and is ended", async () => {
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [nvidiaRow(0), nvidiaRow(1)] }));
    const { summary, strangers, fault } = await watch(room);
    expect(fault).toBeUndefined();
    expect(strangers).toEqual([]);
    expect(summary).toMatchObject({
      gpu: {
        tool: "nvidia-smi",
        gpus: 2,
        powerW: { mean: 600, max: 600 },
        clockMhz: { mean: 1980, min: 1980 },
        temperatureC: { mean: 60, max: 60 },
        memoryUsedMib: { mean: 140_000, max: 140_000 },
        throttling: [],
      },
      throttled: [],
    });
    expect(summary!.gpu.samples).toBeGreaterThan(2);
    expect(summary!.gpu.energyJ).toBeGreaterThan(0.5 * 600);
    expect(room.runs()).toBe(false);
  });

  test("tells of the GPUs that CUDA_VISIBLE_DEVICES leaves", async () => {
    await using room = await toolRoom(
      "nvidia-smi",
      nvidiaSmi({ gpus: [nvidiaRow(0, { power: "70.00" }), nvidiaRow(1)] }),
    );
    const { summary } = await watch(room, { env: { CUDA_VISIBLE_DEVICES: UUID[1] } });
    expect(summary!.gpu).toMatchObject({ gpus: 1, powerW: numbers });
  });

  test("says nothing, and nothing is amiss, when no GPU is left", async () => {
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [nvidiaRow(0)] }));
    expect(await watch(room, { env: { CUDA_VISIBLE_DEVICES: "" } })).toEqual({ tool: "nvidia-smi", strangers: [] });
  });

  test("tells of the GPU that the engine runs on, when the engine is in its list", async () => {
    const enginePid = engine();
    const apps = [`${UUID[1]}, ${enginePid}, VLLM::EngineCore`];
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [nvidiaRow(0), nvidiaRow(1)], apps }));
    expect((await watch(room, { enginePid })).summary!.gpu).toMatchObject({ gpus: 1, powerW: numbers });
  });

  test("tells of another process on that GPU", async () => {
    const enginePid = engine();
    // Our parent is neither we nor the engine.
    const apps = [`${UUID[0]}, ${enginePid}, VLLM::EngineCore`, `${UUID[0]}, ${process.ppid}, /usr/bin/train.py`];
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [nvidiaRow(0)], apps }));
    const stranger = { gpu: UUID[0], pid: process.ppid, program: "/usr/bin/train.py" };
    expect((await watch(room, { enginePid })).strangers).toEqual([stranger]);
  });

  test("tells why the clocks were lowered", async () => {
    const row = nvidiaRow(0, { clock: "1200", reasons: "0x0000000000000064" });
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [row] }));
    const reasons = ["hardware thermal slowdown", "software power cap", "software thermal slowdown"];
    expect((await watch(room)).summary!.gpu.throttling).toEqual(reasons);
  });

  test("of an older driver is asked with the names it knows", async () => {
    const row = nvidiaRow(0, { reasons: "0x0000000000000004" }).replace(" Disabled,", "");
    const unknown = ["mig.mode.current", "clocks_event_reasons.active"];
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [row], unknown }));
    expect((await watch(room)).summary!.gpu).toMatchObject({ powerW: numbers, throttling: ["software power cap"] });
  });

  test("leaves out what a GPU does not tell, and the power of a split one", async () => {
    const silent = nvidiaRow(0, {
      power: "[N/A]",
      memory: "[Insufficient Permissions]",
      mig: "[N/A]",
      reasons: "[N/A]",
    });
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [silent] }));
    const { samples: _, ...gpu } = (await watch(room)).summary!.gpu;
    const rest = { clockMhz: { mean: 1980, min: 1980 }, temperatureC: { mean: 60, max: 60 } };
    expect(gpu).toEqual({ tool: "nvidia-smi", gpus: 1, ...rest });
    await using split = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [nvidiaRow(0, { mig: "Enabled" })] }));
    const told = (await watch(split, { env: { CUDA_VISIBLE_DEVICES: "MIG-c7384736" } })).summary!.gpu;
    expect(told).toMatchObject(rest);
    expect(told).not.toHaveProperty("energyJ");
  });
});

const LAST_WORDS =
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.";

describe("a tool that is of no use", () => {
  test.each([
    ["ends with an error", `tell_pid; echo "${LAST_WORDS}"; exit 9`, `ended with exit code 9: "${LAST_WORDS}"`],
    [
      "finds no GPU",
      "tell_pid; echo 'No devices were found'; exit 6",
      'ended with exit code 6: "No devices were found"',
    ],
    ["hangs", "tell_pid; exec sleep 600", /^gave no reading in \d/],
    ["hangs and does not heed SIGTERM", "trap '' TERM; tell_pid; while :; do sleep 1; done", /^gave no reading in \d/],
    ["prints nonsense for ever", "tell_pid; exec yes nonsense", 'printed what pitwall does not understand: "nonsense"'],
    ["ends in mid-cell", `tell_pid; printf '%s\\n' '${nvidiaRow(0)}'; exit 255`, /^ended with exit code 255: "0, GPU/],
    ["is killed", `tell_pid; printf '%s\\n' '${nvidiaRow(0)}'; kill -9 $$`, /^ended: "0, GPU/],
  ])("because it %s gives a reason and no numbers, and is ended", async (_, instead, fault) => {
    await using room = await toolRoom("nvidia-smi", nvidiaSmi({ instead }));
    const findings = await watch(room);
    expect(findings).toEqual({ tool: "nvidia-smi", strangers: [], fault: expect.stringMatching(fault) });
    expect(room.runs()).toBe(false);
  });

  test("because it cannot be started gives a reason", async () => {
    await using room = await toolRoom("nvidia-smi", "");
    const { chmod, writeFile } = await import("node:fs/promises");
    await writeFile(room.path("nvidia-smi"), "#!/no/such/shell\n");
    await chmod(room.path("nvidia-smi"), 0o755);
    const fromMs = performance.now();
    const watching = watchGpus({ env: room.env, enginePid: null, signal: never })!;
    await pause(200);
    const { fault } = await watching.finish({ fromMs, toMs: performance.now() });
    expect(fault).toMatch(/^ended: ".*ENOENT/);
  });

  test("because it hangs whatever it is asked is not waited for", async () => {
    await using room = await toolRoom("nvidia-smi", "tell_pid; exec sleep 600");
    expect((await watch(room)).fault).toMatch(/^gave no reading in/);
    expect(room.runs()).toBe(false);
  });

  test("is not there on most machines", () => {
    expect(watchGpus({ env: { PATH: "/nowhere" }, enginePid: null, signal: never })).toBeUndefined();
    expect(watchGpus({ env: {}, enginePid: null, signal: never })).toBeUndefined();
  });
});

test("an abort ends the tool before anybody asks for the findings", async () => {
  await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus: [nvidiaRow(0)] }));
  const run = new AbortController();
  const watching = watchGpus({ env: room.env, enginePid: null, signal: run.signal })!;
  await expect.poll(room.started, { timeout: 20_000 }).toBe(true);
  run.abort();
  await expect.poll(room.runs, { timeout: 20_000 }).toBe(false);
  await watching.finish({ fromMs: 0, toMs: performance.now() });
});

test("a tool that hangs ends with us, even when nobody ends the watch", async () => {
  await using room = await toolRoom("nvidia-smi", nvidiaSmi({ instead: "tell_pid; exec sleep 600" }));
  const module = JSON.stringify(join(import.meta.dirname, "../../../src/telemetry/gpu/watch-gpus.ts"));
  const script = `
    import { watchGpus } from ${module};
    watchGpus({ env: process.env, enginePid: null, signal: new AbortController().signal });
    process.stdin.on("end", () => process.exit(3)).resume();`;
  const us = startProcess(process.execPath, ["--input-type=module", "-e", script], {
    env: room.env,
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = once(us, "exit");
  await expect.poll(room.runs, { timeout: 20_000 }).toBe(true);
  us.stdin!.end();
  expect(await ended).toEqual([3, null]);
  await expect.poll(room.runs, { timeout: 20_000 }).toBe(false);
});

test("amd-smi is asked again and again, in place of rocm-smi", async () => {
  const answer = JSON.stringify({ gpu_data: [amdGpu(0, 500), amdGpu(1, 700)] });
  await using room = await toolRoom("amd-smi", `tell_pid; echo '${answer}'`);
  const { summary, fault } = await watch(room);
  expect(fault).toBeUndefined();
  expect(summary!.gpu).toMatchObject({ tool: "amd-smi", gpus: 2, powerW: { mean: 1200 }, clockMhz: { min: 132 } });
});

describe("rocm-smi", () => {
  test("is asked again and again", async () => {
    const answer = JSON.stringify({ card0: rocmCard("500.0"), card1: rocmCard("700.0"), system: {} });
    await using room = await toolRoom("rocm-smi", `tell_pid; echo "$@" >> "$0.calls"; echo '${answer}'`);
    const { summary, fault } = await watch(room);
    expect(fault).toBeUndefined();
    expect(summary!.gpu).toMatchObject({
      tool: "rocm-smi",
      gpus: 2,
      powerW: { mean: 1200, max: 1200 },
      clockMhz: { mean: 132, min: 132 },
      temperatureC: { mean: 43, max: 43 },
      memoryUsedMib: { mean: 2000, max: 2000 },
    });
    expect(summary!.gpu).not.toHaveProperty("throttling");
  });

  test("without a driver gives a reason", async () => {
    const words = "ERROR:root:Driver not initialized (amdgpu not found in modules)";
    await using room = await toolRoom("rocm-smi", `tell_pid; echo "${words}"; exit 1`);
    expect((await watch(room)).fault).toBe(`ended with exit code 1: "${words}"`);
  });

  test("that hangs is ended", async () => {
    await using room = await toolRoom("rocm-smi", "tell_pid; exec sleep 600");
    expect((await watch(room)).fault).toMatch(/^gave no reading in/);
    expect(room.runs()).toBe(false);
  });
});

describe("xpu-smi", () => {
  test("runs on, as nvidia-smi does", async () => {
    const rows = ["06:14:46.000,    0, 214.61, 1600, 52.00, 30111.42", "06:14:46.000,    1, 14.59,    0, N/A, 51.42"];
    await using room = await toolRoom("xpu-smi", `echo '${XPU_HEADER}'; ${loop(rows)}`);
    const { summary } = await watch(room);
    expect(summary!.gpu).toMatchObject({ tool: "xpu-smi", gpus: 2, clockMhz: { mean: 800, min: 0 } });
    expect(summary!.gpu.powerW!.mean).toBeCloseTo(229.2);
    expect(summary!.gpu.temperatureC!.max).toBe(52);
    expect(room.runs()).toBe(false);
  });
});
