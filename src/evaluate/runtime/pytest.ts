import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Instance } from "../instance.ts";
import { fileOf } from "../tested.ts";

interface PytestCommand {
  /** Ids of tests, or files: see {@link askedFor}. */
  asked: readonly string[];
  /** Where the JUnit file goes. */
  junit: string;
  /** A folder of this run alone, outside of the tree: what one run remembers must not choose the tests of another. */
  cache: string;
  testSeconds: number;
  /** Whether pytest-timeout is known to be there: pytest refuses an option that it does not know. */
  hasTimeoutPlugin: boolean;
}

/**
 * What nothing may hide: a test after the first failure (never -x, and the last word over one that the repository's settings
 * hold), tests beside a module that cannot be imported, the file of a test, and that one passed which should fail.
 */
const SHOW_ALL = [
  ...["--maxfail=0", "--continue-on-collection-errors"],
  ...["-o", "junit_family=xunit1", "-o", "xfail_strict=true"],
];

/** Arguments of Python. */
export function pytestArguments({ asked, junit, cache, testSeconds, hasTimeoutPlugin }: PytestCommand): string[] {
  const timeout = hasTimeoutPlugin ? [`--timeout=${testSeconds}`] : [];
  // Not without the cache's plugin: --ff or --lf in a repository's settings would then be no options, and nothing would run.
  const fixed = ["-m", "pytest", ...SHOW_ALL, ...timeout, "--tb=short", "-o", `cache_dir=${cache}`];
  return [...fixed, `--junitxml=${junit}`, ...asked];
}

/** What pytest is asked for: of a file that is not in the tree it would run nothing else either. */
export function askedFor({ targets }: Instance, tree: string): readonly string[] {
  const paths = targets.kind === "none" ? [] : targets.paths;
  const there = paths.filter((path) => existsSync(join(tree, fileOf(path))));
  return there.length > 0 ? there : paths;
}

/** The files of what was asked for. */
export const filesOf = (asked: readonly string[]): readonly string[] => [...new Set(asked.map(fileOf))];

/** What a plugin reads that may be there or not. */
export const pytestEnvironment = (testSeconds: number) => ({ PYTEST_TIMEOUT: String(testSeconds) });

/** Whether a task is one of the CPU: no GPU is given to it, and nothing is compiled for one. */
export const isOfCpu = ({ category, minGpus }: Instance) =>
  category === "unit_cpu" || (category === undefined && minGpus === 0);

/** How many GPUs it gets for its own. */
export const gpusNeeded = (instance: Instance) => (isOfCpu(instance) ? 0 : Math.max(1, instance.minGpus));
