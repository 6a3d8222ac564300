import { describe, expect, test } from "vitest";
import type { MachineState } from "../../../src/telemetry/quiet/machine-state.ts";
import { problemsOf, QuietWatch, waitUntilQuiet } from "../../../src/telemetry/quiet/quiet.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const QUIET: MachineState = { loadPerCore: 0.02, tenants: [], throttling: [], temperatureC: 38 };
const BUSY: MachineState = { ...QUIET, loadPerCore: 0.8 };

describe("what keeps a machine from being quiet", () => {
  test.each([
    [{ loadPerCore: 0.8 }, "the load is 0.80 a core"],
    [{ tenants: [{ gpu: "GPU-1", pid: 7, program: "python3" }] }, "python3 (pid 7) is on a GPU"],
    [{ temperatureC: 71 }, "a GPU is at 71 °C"],
    [{ throttling: ["hardware thermal slowdown"] }, "the clocks of a GPU are lowered: hardware thermal slowdown"],
  ])("%j is said as such", (change, problem) => {
    expect(problemsOf({ ...QUIET, ...change })).toEqual([problem]);
  });

  test("is nothing of what no tool tells", () => {
    const { temperatureC: _, ...untold } = QUIET;
    expect(problemsOf(untold)).toEqual([]);
  });
});

describe("waiting for a quiet machine", () => {
  test("ends at once where it is quiet", async () => {
    const tools = recordingTools();
    expect(await waitUntilQuiet(60, tools, async () => QUIET)).toEqual({ quiet: true, waitedSeconds: 0, problems: [] });
    expect(tools.said).toEqual([]);
  });

  test("goes on with a warning when its time is over", async () => {
    const tools = recordingTools();
    const found = await waitUntilQuiet(0.05, tools, async () => BUSY);
    expect(found).toMatchObject({ quiet: false, problems: ["the load is 0.80 a core"] });
    expect(tools.said).toEqual([
      "info: waiting up to 0.05 s until this machine is quiet: the load is 0.80 a core",
      expect.stringMatching(/^warning: this machine is not quiet after \d s: the load is 0.80 a core$/),
    ]);
  });

  test("looks at nothing where nobody wants to wait", async () => {
    const look = () => Promise.reject(new Error("was looked at"));
    expect(await waitUntilQuiet(0, recordingTools(), look)).toBeUndefined();
  });

  test("ends on an interruption", async () => {
    const controller = new AbortController();
    const waiting = waitUntilQuiet(600, recordingTools({ signal: controller.signal }), async () => BUSY);
    controller.abort(new Error("ended by SIGINT"));
    await expect(waiting).rejects.toThrow("ended by SIGINT");
  });
});

describe("looking before each block", () => {
  /** A watch of a machine whose state can be changed; whether its own engine has run is noted at each look. */
  function watching(limitSeconds: number, signal?: AbortSignal) {
    const [machine, after]: [{ state: MachineState }, Set<boolean>[]] = [{ state: QUIET }, []];
    const look = (isAfter: boolean) => async () => {
      after.at(-1)!.add(isAfter);
      return machine.state;
    };
    const tools = recordingTools(signal === undefined ? {} : { signal });
    const watch = new QuietWatch(limitSeconds, tools, [look(false), look(true)]);
    const wait = async (state: MachineState) => {
      machine.state = state;
      after.push(new Set());
      await watch.wait();
    };
    return { watch, wait, after, tools };
  }

  test("tells how often it went on though the machine was busy, and with what at last", async () => {
    const { watch, wait, after } = watching(0.01);
    for (const state of [QUIET, BUSY, { ...BUSY, loadPerCore: 0.5 }, QUIET]) await wait(state);
    expect(watch.told).toMatchObject({ quiet: false, looks: 4, busyLooks: 2, problems: ["the load is 0.50 a core"] });
    expect(after).toEqual([false, true, true, true].map((isAfter) => new Set([isAfter])));
  });

  test("waits up to the limit in all, and then still looks", async () => {
    const { wait, tools } = watching(0.05);
    for (const state of [BUSY, BUSY, BUSY]) await wait(state);
    expect(tools.said.filter((line) => line.startsWith("warning: "))).toHaveLength(3);
    expect(tools.said.filter((line) => line.startsWith("info: waiting"))).toHaveLength(1);
  });

  test("says nothing where nobody looked", async () => {
    const { watch, wait, after } = watching(0);
    await wait(BUSY);
    expect([watch.told, after]).toEqual([undefined, [new Set()]]);
  });

  test("ends on an interruption, as if it had not looked", async () => {
    const controller = new AbortController();
    const { watch, wait } = watching(600, controller.signal);
    const waiting = wait(BUSY);
    controller.abort(new Error("ended by SIGINT"));
    await waiting;
    expect(watch.told).toBeUndefined();
  });
});
