import { execFileSync, spawnSync } from "node:child_process";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { fullDiskAdvice } from "../../../src/database/git-home/plumbing/git-failure.ts";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";

const SERIES = "latency-sweep/in_512_out_128_bs_1 latency_s.mean";

/** A history of another tool, of so many runs. */
function history(runs: number): string {
  const all = Array.from({ length: runs }, (_, i) => ({
    commit: { id: String(i).padStart(40, "0"), message: "Change", url: "https://github.com/octo/llm/commit/a" },
    date: Date.UTC(2026, 0, 1) + i * 60_000,
    benches: [{ name: SERIES, value: 1 + i / runs, unit: "s" }],
  }));
  return JSON.stringify({ entries: { all } });
}

const ofMyOwn = spawnSync("unshare", ["-rm", "true"]).status === 0;

/** Runs a script of a shell that may mount, in a folder with two histories and an empty folder `disk`. @returns all it said */
async function onSmallDisk(script: string): Promise<string> {
  await using folder = await createFixture({ disk: {}, "one.json": history(1), "many.json": history(1000) });
  const flags = "--model m --host-label h --no-dry-run";
  const begin = `exec 2>&1; import() { "$NODE" ${PACKAGE_ROOT}/src/cli/main.ts import ${flags} "$@"; echo "exit $?"; }`;
  const env = { ...process.env, NODE: process.execPath, NODE_NO_WARNINGS: "1" };
  const whole = `${begin}; mount -t tmpfs -o size=1m tmpfs disk\n${script}`;
  return execFileSync("unshare", ["-rm", "sh", "-c", whole], { cwd: folder.path, env, encoding: "utf8" });
}

const FILL = "dd if=/dev/zero of=disk/filled bs=1k 2>/dev/null";

describe.skipIf(!ofMyOwn)("an import onto a full disk says so in a sentence", () => {
  test("where the branch lies", async () => {
    const said = await onSmallDisk(`
      import one.json --database disk/db.git
      ${FILL}
      import many.json --database disk/db.git`);
    expect(said).toMatch(/imported 1 run document[\s\S]*exit 0/);
    expect(said).toMatch(/\nerror: no space is left on the disk; free some, and try again\. git said:\n[\s\S]*exit 1/);
  });

  test("where its repository is to be made", async () => {
    const said = await onSmallDisk(`${FILL}; import one.json --database disk/db.git`);
    expect(said).toMatch(
      /\nerror: the repository \S+ could not be made: no space is left on the disk; free some, and try again\nexit 1/,
    );
  });

  test("where git's temporary files are, full before or because of them", async () => {
    const before = await onSmallDisk(`${FILL}; TMPDIR=$PWD/disk import one.json --database db.git`);
    expect(before).toMatch(
      /\nerror: the folder of temporary files, \S+disk \(TMPDIR\), could not be written: no space/,
    );
    const after = await onSmallDisk(`
      mount -o remount,size=100k disk
      TMPDIR=$PWD/disk import many.json --database db.git`);
    expect(after).toMatch(/\nerror: no space is left on the disk of temporary files; free some, or name .* in TMPDIR/);
    expect(after).not.toContain("crash report");
  });
});

test("every wording of git's for a full disk is known; another failure is none", () => {
  for (const line of [
    "remote: fatal: write error: No space left on device",
    "fatal: sha1 file './objects/tmp_objdir-incoming-a/pack/tmp_idx_b' write error. Out of diskspace",
    "error: unable to write file: Disk quota exceeded",
  ]) {
    expect(fullDiskAdvice(`first\n${line}\nlast`)).toBe("no space is left on the disk; free some, and try again");
  }
  expect(fullDiskAdvice("fatal: the remote end hung up unexpectedly")).toBeUndefined();
});
