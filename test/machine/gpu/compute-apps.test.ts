import { describe, expect, test } from "vitest";
import { ownProcesses, parseComputeApps, tenancyOf } from "../../../src/machine/gpu/compute-apps.ts";

const [A, B] = ["GPU-a", "GPU-b"];

/** A machine: 1 → 10 (us) → 11 (offline driver); 20 (engine) → 21 → 22 in a group of its own; 30, somebody else. */
const TABLE = (
  [
    [1, 0, 1],
    [10, 1, 10],
    [11, 10, 11],
    [20, 1, 20],
    [21, 20, 20],
    [22, 21, 22],
    [23, 1, 20],
    [30, 1, 30],
  ] as const
).map(([pid, parent, group]) => ({ pid, parent, group, ended: false, hasTerminal: false, startTicks: "0" }));

const own = ownProcesses(TABLE, 20, 10);
const app = (pid: number, gpu = A, program = "python3") => ({ gpu, pid, program });
const tenants = (...apps: ReturnType<typeof app>[]) => tenancyOf(apps, TABLE, own);

describe("processes on a GPU", () => {
  test("are read from nvidia-smi's list", () => {
    const csv = "GPU-a, 4242, /usr/bin/python3\nGPU-b, 17, C:\\a, b\nNo running processes found\nGPU-a, [N/A], x\n";
    expect(parseComputeApps(csv)).toEqual([app(4242, A, "/usr/bin/python3"), app(17, B, "C:\\a, b")]);
  });

  test("are ours when they are we, the engine's group, or descend from either", () => {
    expect([...own].toSorted((a, b) => a - b)).toEqual([10, 11, 20, 21, 22, 23]);
    expect([...ownProcesses(TABLE, null, 10)].toSorted((a, b) => a - b)).toEqual([10, 11]);
  });

  test("tell which GPUs the engine runs on", () => {
    expect(tenants(app(22), app(30, B))).toEqual({ gpus: new Set([A]), strangers: [] });
  });

  test("are strangers when they are nobody's of us on the engine's GPU", () => {
    expect(tenants(app(22), app(30, A, "train.py")).strangers).toEqual([app(30, A, "train.py")]);
  });

  test("say nothing in a container, where pids are the host's", () => {
    expect(tenants(app(90_021), app(30))).toEqual({ gpus: new Set(), strangers: [] });
    expect(tenants(app(22), app(90_021)).strangers).toEqual([]);
  });
});
