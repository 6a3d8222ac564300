import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const LOCK = join(import.meta.dirname, "..", "..", "src", "machine", "lock.ts");
const CLAIM = `const { claimLock } = await import(process.argv[1]); console.log((await claimLock("test", "a key")).kind)`;

/** Containers often run as a number that /etc/passwd does not know. */
const NAMELESS = 54_321;

// Nobody else may become another user.
test.skipIf(process.getuid?.() !== 0)("a user without a name can hold a lock", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", CLAIM, LOCK], {
    ...{ uid: NAMELESS, gid: NAMELESS, cwd: "/", encoding: "utf8" },
  });
  expect(stderr).not.toContain("uv_os_get_passwd");
  expect(stdout).toBe("held\n");
});
