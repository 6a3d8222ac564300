import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serializeRun } from "../../src/database/document/document.ts";
import { runCommand } from "../../src/machine/command.ts";
import { isolated } from "../support/git-repository.ts";
import { historyRun, makeHistory, pointsOf } from "./database-history.ts";

/* What five years of nights cost whoever clones the data branch, without its past and with it: node test/bench/clone.ts */

const NIGHTS = 5 * 365 + 1;
const env = { ...process.env, ...isolated };

async function cloned(repository: string, target: string, ...depth: string[]): Promise<string> {
  const startedAt = performance.now();
  const { exitCode, stderr } = await runCommand("git", ["clone", "--quiet", ...depth, `file://${repository}`, target], {
    env,
  });
  if (exitCode !== 0) throw new Error(stderr);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const { stdout } = await runCommand("du", ["-sm", join(target, ".git")], { env });
  return `${seconds} s, ${stdout.split("\t")[0]} MB in .git`;
}

const folder = await mkdtemp(join(tmpdir(), "pitwall-clone-"));
try {
  const repository = join(folder, "database.git");
  const night = historyRun(1, NIGHTS);
  const kilobytes = (Buffer.byteLength(serializeRun(night)) / 1000).toFixed(1);
  console.log(`a night of ${night.cells.length} cells with ${pointsOf(night)} numbers: ${kilobytes} kB`);
  await makeHistory(repository, "pitwall-data", NIGHTS);
  console.log(`${NIGHTS} nights, shallow: ${await cloned(repository, join(folder, "shallow"), "--depth=1")}`);
  console.log(`${NIGHTS} nights, whole: ${await cloned(repository, join(folder, "whole"))}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
