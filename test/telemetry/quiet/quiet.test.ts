import { describe, expect, test } from "vitest";
import type { MachineState } from "../../../src/telemetry/quiet/machine-state.ts";
import { problemsOf, waitUntilQuiet } from "../../../src/telemetry/quiet/quiet.ts";
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
