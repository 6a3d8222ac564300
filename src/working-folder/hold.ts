import { statSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { realPath } from "../files.ts";
import { claimLock } from "../machine/lock.ts";

const HELD_ALREADY: AsyncDisposable = { [Symbol.asyncDispose]: async () => {} };

/**
 * Holds a working folder until it is disposed of: a second run in it would take the first one's engine for a left-over and
 * stop it, and a document made of half a run would be published. A benchmark of a run finds it held by its own process, which
 * is as good.
 * @throws UsageError when another run holds the folder, or it is no folder
 */
export async function holdFolder(output: string): Promise<AsyncDisposable> {
  if (statSync(output, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new UsageError(`--output: ${output} is no folder`);
  }
  const claim = await claimLock("run", realPath(resolve(output)));
  if (claim.kind === "held") return claim.lock;
  const pid = await claim.by.pid();
  if (pid === String(process.pid)) return HELD_ALREADY;
  throw new UsageError(
    `another run (pid ${pid}) is at work in ${output}: wait for its end, stop it with kill ${pid}, or give this one another --output`,
  );
}
