import { expect, test } from "vitest";
import { machineState, stateAfterEngine } from "../../../src/telemetry/quiet/machine-state.ts";
import { nvidiaRow, nvidiaSmi, toolRoom, UUID } from "../../support/gpu-tools.ts";

const signal = new AbortController().signal;

test("tells load, programs on the GPUs, the warmest of them and why clocks are lowered", async () => {
  const gpus = [nvidiaRow(0, { temperature: "41" }), nvidiaRow(1, { temperature: "66", reasons: "0x40" })];
  await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus, apps: [`${UUID[0]}, 4242, /usr/bin/python3`] }));
  const state = await machineState({ env: room.env, signal });
  expect(state.loadPerCore).toBeGreaterThanOrEqual(0);
  expect(state).toMatchObject({
    tenants: [{ pid: 4242, program: "/usr/bin/python3" }],
    temperatureC: 66,
    throttling: ["hardware thermal slowdown"],
  });
  expect(room.runs()).toBe(false);
});

test("takes neither idling nor clocks that somebody set for lowered ones", async () => {
  const gpus = [nvidiaRow(0, { reasons: "0x1" }), nvidiaRow(1, { reasons: "0x2" })];
  await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus }));
  expect((await machineState({ env: room.env, signal })).throttling).toEqual([]);
});

test("right after an engine of ours tells what the processors do now, and not the heat that it left", async () => {
  const gpus = [nvidiaRow(0, { temperature: "71" })];
  await using room = await toolRoom("nvidia-smi", nvidiaSmi({ gpus, apps: [`${UUID[0]}, 4242, /usr/bin/python3`] }));
  const looking = stateAfterEngine({ env: room.env, signal });
  const busyUntil = performance.now() + 300;
  while (performance.now() < busyUntil) Math.sqrt(busyUntil);
  const { loadPerCore, temperatureC, tenants } = await looking;
  expect([temperatureC, tenants.map(({ pid }) => pid)]).toEqual([undefined, [4242]]);
  expect(loadPerCore).toBeGreaterThan(0);
  expect(loadPerCore).toBeLessThanOrEqual(1);
});

test("knows of no GPU where there is no tool", async () => {
  const { tenants, temperatureC } = await machineState({ env: { PATH: "" }, signal });
  expect([tenants, temperatureC]).toEqual([[], undefined]);
});
