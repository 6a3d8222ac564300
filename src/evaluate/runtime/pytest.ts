import type { Instance } from "../instance.ts";

interface PytestCommand {
  instance: Instance;
  /** Where the JUnit file goes. */
  junit: string;
  testSeconds: number;
  /** Whether pytest-timeout is known to be there: pytest refuses an option that it does not know. */
  hasTimeoutPlugin: boolean;
}

/**
 * Arguments of Python. Never -x, and the last word over one that the repository's settings hold: it would hide all tests after
 * the first failure.
 */
export function pytestArguments({ instance, junit, testSeconds, hasTimeoutPlugin }: PytestCommand): string[] {
  const { targets } = instance;
  const timeout = hasTimeoutPlugin ? [`--timeout=${testSeconds}`] : [];
  const fixed = ["-m", "pytest", "--maxfail=0", ...timeout, "--tb=short", "-p", "no:cacheprovider"];
  return [...fixed, `--junitxml=${junit}`, ...(targets.kind === "none" ? [] : targets.paths)];
}

/** What a plugin reads that may be there or not. */
export const pytestEnvironment = (testSeconds: number) => ({ PYTEST_TIMEOUT: String(testSeconds) });

/** Whether a task is one of the CPU: no GPU is given to it, and nothing is compiled for one. */
export const isOfCpu = ({ category, minGpus }: Instance) =>
  category === "unit_cpu" || (category === undefined && minGpus === 0);

/** How many GPUs it gets for its own. */
export const gpusNeeded = (instance: Instance) => (isOfCpu(instance) ? 0 : Math.max(1, instance.minGpus));
