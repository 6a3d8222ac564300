import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { recordedEngines } from "../../src/engine/record.ts";
import { engineProcesses, stopEngine } from "../../src/engine/stop.ts";
import { release } from "./built-release.ts";
import { makeCheckout } from "./checkout.ts";
import { runStep, type StepOptions, type StepResult } from "./run-step.ts";

/** A job on a runner: a checked-out repository in which steps run. What they started is stopped on disposal. */
export interface Job extends AsyncDisposable {
  path(name: string): string;
  /** The bare repository that the checkout came from. */
  origin: string;
  run(action: string, inputs?: Record<string, string>, options?: Omit<StepOptions, "inputs">): Promise<StepResult>;
  /** Whether an engine that a step of this job recorded still runs. */
  engineRuns(): Promise<boolean>;
}

export async function startJob(): Promise<Job> {
  const fixture = await createFixture({ "checkout/README.md": "A model server.\n" });
  const cwd = fixture.getPath("checkout");
  const origin = fixture.getPath("origin.git");
  const output = join(cwd, ".pitwall/out");
  makeCheckout(cwd, origin);
  const engines = async () => (await recordedEngines(output)).filter((engine) => engineProcesses(engine).length > 0);
  return {
    path: (name) => join(cwd, name),
    origin,
    run: (action, inputs = {}, options = {}) => runStep(release.bundle(action), { cwd, ...options, inputs }),
    engineRuns: async () => (await engines()).length > 0,
    async [Symbol.asyncDispose]() {
      for (const engine of await engines().catch(() => [])) await stopEngine(engine, 1);
      await fixture.rm();
    },
  };
}
