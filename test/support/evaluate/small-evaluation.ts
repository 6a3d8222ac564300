import { join } from "node:path";
import { createFixture } from "fs-fixture";
import type { Instance, Targets } from "../../../src/evaluate/instance.ts";
import { sourceOf } from "../../../src/evaluate/repository/source.ts";
import type { dockerRuntime } from "../../../src/evaluate/runtime/docker/docker.ts";
import { localRuntime } from "../../../src/evaluate/runtime/local/local.ts";
import type { Limits } from "../../../src/evaluate/runtime/runtime.ts";
import { GOLD } from "../../../src/evaluate/work/candidate.ts";
import { evaluate } from "../../../src/evaluate/work/evaluation.ts";
import type { Evaluation, Finished } from "../../../src/evaluate/work/plan.ts";
import { recordingTools } from "../recording-tools.ts";
import { type Files, makeRepository, patchOf } from "./small-repository.ts";

/** A package with a defect, and a test that does not see it. */
export const BROKEN: Files = {
  "calc.py": "def add(a, b):\n    return a - b\n",
  "tests/test_calc.py": "from calc import add\n\n\ndef test_zero():\n    assert add(1, 0) == 1\n",
};
const FIX: Files = { "calc.py": "def add(a, b):\n    return a + b\n" };
export const WRONG_FIX: Files = { "calc.py": "def add(a, b):\n    return 2\n" };
/** A test that sees it. */
export const TESTS: Files = {
  "tests/test_calc.py": `${BROKEN["tests/test_calc.py"]}\n\ndef test_add():\n    assert add(1, 2) == 3\n`,
};
export const ADD = "tests/test_calc.py::test_add";
export const ZERO = "tests/test_calc.py::test_zero";

/** Where environments for tests are kept between tests. */
export const VENVS = join(
  process.env.XDG_CACHE_HOME ?? "node_modules/.cache/pitwall-test",
  "pitwall",
  "evaluate",
  "venvs",
);

const pytestVenv = () => localRuntime({ skipSetUp: false, venvs: VENVS, requirements: ["pytest", "pytest-timeout"] });

/** Settings for containers of an image in which pytest is. */
export const imageRuntime = (image: string, change: Partial<Parameters<typeof dockerRuntime>[0]> = {}) => ({
  docker: { program: "docker", daemon: process.env.DOCKER_HOST ?? null },
  imageOf: () => image,
  skipSetUp: true,
  skipBuild: true,
  editable: false,
  shmSize: undefined,
  network: "set-up" as const,
  user: undefined,
  modelCache: undefined,
  env: {},
  ...change,
});

export const LIMITS: Limits = { phaseSeconds: 60, setUpSeconds: 60, testSeconds: 30, instanceSeconds: 180 };

/** What of an evaluation goes into a file. */
export type Planned = Omit<
  Evaluation,
  "candidates" | "runtime" | "settings" | "sourceOf" | "onFinished" | "limitsOf"
> & {
  limits: Limits;
};

/** A small repository, instances of it, and a folder for results. */
export async function smallEvaluation(base: Files = BROKEN) {
  const fixture = await createFixture({});
  const origin = fixture.getPath("origin");
  const commit = makeRepository(origin, base);
  const patch = (files: Files) => patchOf(origin, files);
  const instance = (change: Partial<Instance> & { tests?: Files; fix?: Files } = {}): Instance => {
    const { tests = TESTS, fix = FIX, ...rest } = change;
    return {
      id: "small-1",
      repo: "owner/small",
      version: undefined,
      baseCommit: commit,
      testPatch: patch(tests),
      goldPatch: patch(fix),
      targets: { kind: "ids", paths: [ADD, ZERO] } satisfies Targets,
      lists: { failToPass: [ADD], passToPass: [ZERO] },
      category: "unit_cpu",
      minGpus: 0,
      ...rest,
    };
  };
  const output = fixture.getPath("out");
  const planned = (instances: readonly Instance[]): Planned => ({
    instances,
    mirrors: fixture.getPath("mirrors"),
    output,
    jobs: 1,
    gpus: [],
    runs: 1,
    limits: LIMITS,
    resume: false,
  });
  return {
    fixture,
    origin,
    output,
    patch,
    instance,
    planned,
    /** Evaluates to the end. @returns what finished, in order */
    async run(
      instances: Instance[],
      change: Partial<Evaluation> & { limits?: Limits } = {},
      tools = recordingTools(),
    ): Promise<Finished[]> {
      const finished: Finished[] = [];
      await evaluate(
        {
          candidates: [GOLD],
          runtime: pytestVenv(),
          settings: {},
          sourceOf: ({ repo }) => sourceOf(origin, repo),
          ...planned(instances),
          limitsOf: () => change.limits ?? LIMITS,
          onFinished: async (_, one) => void finished.push(one),
          ...change,
        },
        tools,
      );
      return finished;
    },
    [Symbol.asyncDispose]: () => fixture.rm(),
  };
}
