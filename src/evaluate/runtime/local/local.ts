import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../../errors.ts";
import { makeFolder } from "../../../files.ts";
import { shellLine } from "../../../machine/shell-line.ts";
import type { Tools } from "../../../tools.ts";
import { endProcesses } from "../leftovers.ts";
import { markOf } from "../owner.ts";
import { isOfCpu, pytestArguments, pytestEnvironment } from "../pytest.ts";
import { repeatRuns, runOrder } from "../runs.ts";
import {
  type Environment,
  type PhaseOutcome,
  type PhasePlan,
  type Runtime,
  type Stopped,
  stopped,
} from "../runtime.ts";
import { runTimed } from "../timed-run.ts";
import { packagesOf, provideVenv, pythonOf } from "./venv.ts";

interface LocalSettings {
  /** The Python at hand has all that tests need. */
  skipSetUp: boolean;
  venvs: string;
  requirements: readonly string[];
}

/**
 * Phases as processes of this machine, for tests of the CPU: with a time limit, a home and temporary files of their own, and
 * none of our environment; but they may read what this user may, and reach the network.
 */
export function localRuntime(settings: LocalSettings): Runtime {
  let made: Promise<Local | Stopped> | undefined;
  const local = (tools: Tools) => (made ??= makeLocal(settings, tools));
  return {
    kind: "local",
    async environmentOf(instance, tools) {
      if (isOfCpu(instance)) return environmentOf(await local(tools));
      return stopped(
        "container",
        "environment",
        "it needs a GPU: --runtime local is for tests of the CPU, --runtime docker for all",
      );
    },
    async runPhase(plan, _owner, tools) {
      const found = await local(tools);
      return "kind" in found ? found : runHere(plan, found, tools);
    },
    lines(plan) {
      const { asked, junit } = runOrder(plan, 1);
      const { testSeconds } = plan.limits;
      const place = { junit: join(plan.results, junit), cache: cacheOf(plan, junit) };
      const command = shellLine([
        "python3",
        ...pytestArguments({ asked, ...place, testSeconds, hasTimeoutPlugin: false }),
      ]);
      return [`cd ${shellLine([plan.tree])} && CUDA_VISIBLE_DEVICES= PYTEST_TIMEOUT=${testSeconds} ${command}`];
    },
    removeTree: (folder) => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

const environmentOf = (found: Local | Stopped) =>
  "kind" in found ? found : { name: found.name, digest: found.digest };

interface Local extends Environment {
  python: string;
  hasTimeoutPlugin: boolean;
}

async function makeLocal({ skipSetUp, venvs, requirements }: LocalSettings, tools: Tools): Promise<Local | Stopped> {
  try {
    const python = skipSetUp ? pythonOf(tools.env) : await provideVenv({ venvs, requirements }, tools);
    const packages = await packagesOf(python, tools);
    if (!/^pytest==/m.test(packages))
      throw new UserError(`${python} has no pytest: leave --skip-setup out, or install it there`);
    const digest = `sha256:${createHash("sha256").update(packages).digest("hex")}`;
    return {
      name: `Python ${packages.split(" ", 1)[0]}`,
      digest,
      python,
      hasTimeoutPlugin: /^pytest-timeout==/m.test(packages),
    };
  } catch (error) {
    if (!(error instanceof UserError) || tools.signal.aborted) throw error;
    return stopped("set-up", "environment", error.message);
  }
}

async function runHere(plan: PhasePlan, { python, hasTimeoutPlugin }: Local, tools: Tools): Promise<PhaseOutcome> {
  const env = await ownEnvironment(plan, python, tools.env);
  const { tree, limits, results } = plan;
  const runs = await repeatRuns(plan, async ({ asked, ...files }) => {
    const junit = join(results, files.junit);
    const cache = cacheOf(plan, files.junit);
    const args = pytestArguments({ asked, junit, cache, testSeconds: limits.testSeconds, hasTimeoutPlugin });
    const logFile = join(results, files.log);
    try {
      return await runTimed(
        { program: python, args, env, cwd: tree, logFile, seconds: limits.phaseSeconds },
        tools.signal,
      );
    } finally {
      // A server that a test left in a session of its own is in no group of ours.
      await endProcesses(tree);
    }
  });
  return { kind: "ran", runs, setUpSeconds: 0 };
}

const temporaryOf = (tree: string) => `${tree}-tmp`;
const cacheOf = ({ tree }: PhasePlan, junit: string) => join(temporaryOf(tree), `cache-${junit}`);

/** Nothing of ours but the way to programs: no token, no settings, and a home that is thrown away. */
async function ownEnvironment({ tree, limits }: PhasePlan, python: string, { PATH }: NodeJS.ProcessEnv) {
  const [home, temporary] = [`${tree}-home`, temporaryOf(tree)];
  for (const folder of [home, temporary]) await makeFolder(folder);
  return {
    PATH: `${dirname(python)}:${PATH ?? ""}`,
    HOME: home,
    TMPDIR: temporary,
    LANG: "C.UTF-8",
    CUDA_VISIBLE_DEVICES: "",
    ...pytestEnvironment(limits.testSeconds),
    ...markOf(tree),
  };
}
