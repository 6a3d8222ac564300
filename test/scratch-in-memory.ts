import { spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MEMORY = "/dev/shm";
/** Tests keep some 0.3 GB at once; containers are often given 64 MB, which is not enough. */
const NEEDED_BYTES = 2 * 2 ** 30;

/**
 * Puts what tests write in memory where that is room enough and programs may start from there: a sixth of their
 * processor time went into the file system under git's thousands of small files.
 */
export default function setUp(): (() => void) | undefined {
  if (!isRoomy()) return undefined;
  const scratch = mkdtempSync(join(MEMORY, "pitwall-test-"));
  const remove = () => rmSync(scratch, { recursive: true, force: true });
  if (!startsPrograms(scratch)) return void remove();
  process.env.TMPDIR = scratch;
  return remove;
}

function isRoomy(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= NEEDED_BYTES;
  } catch {
    return false;
  }
}

/** Docker mounts it without the right to. */
function startsPrograms(folder: string): boolean {
  const probe = join(folder, "probe");
  writeFileSync(probe, "#!/bin/sh\n");
  chmodSync(probe, 0o755);
  return spawnSync(probe).status === 0;
}
