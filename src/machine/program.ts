import { resolve } from "node:path";
import which from "which";

/**
 * Where a program lies that may be run: one with a slash is seen from `cwd`, any other is looked for on PATH.
 * @returns undefined when it is not there
 */
export function findProgram(name: string, { PATH }: NodeJS.ProcessEnv, cwd = "."): string | undefined {
  if (name.includes("/")) return which.sync(resolve(cwd, name), { nothrow: true }) ?? undefined;
  // Without a path of ours `which` would take that of this process.
  return PATH ? (which.sync(name, { path: PATH, nothrow: true }) ?? undefined) : undefined;
}
