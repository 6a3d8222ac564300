import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { compact } from "../../../src/verbs/compact/compact.ts";
import { runNumber } from "../../database/runs.ts";
import { git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const env = { ...process.env, ...isolated };

/** A run that began so many days ago. */
function runOf(daysAgo: number) {
  const startedAt = new Date(Date.now() - daysAgo * 86_400_000).toISOString().replace(/\.\d+/, "");
  const id = `${startedAt.replaceAll(/[-:]/g, "")}-0000000a`;
  return runNumber(1, { id, startedAt, finishedAt: startedAt });
}

test("says by month what it packs, how many runs and numbers were proven, and what that saves", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  const tools = recordingTools({ env });
  await appendRuns({ repository, branch: "pitwall-data", runs: [runOf(400), runOf(1)] }, tools);
  const month = runOf(400).startedAt.slice(0, 7);
  const ask = async (given = {}) => compact.run(compact.inputs.parse({ database: repository, ...given }), tools);

  const { text, outputs } = await ask({ dryRun: true });
  const lines = text!.split("\n");
  expect(lines[0]).toMatch(new RegExp(`^${month}: 1 run, 1\\.\\d kB → 0\\.\\d kB$`));
  expect(lines[1]).toBe("1 run with 6 numbers read back from the packs, all equal");
  expect(lines[2]).toMatch(/^pitwall-data of \S+database\.git: 1 run would be packed, 0\.\d kB saved$/);
  expect(outputs).toMatchObject({ months: [month], runs: 1, provenRuns: 1, provenPoints: 6, left: [] });

  expect((await ask()).text).toMatch(/1 run packed as commit [0-9a-f]{10}, /);
  expect((await ask()).text).toMatch(/: nothing to pack before \d{4}-\d\d$/);
  expect(git(repository, "ls-tree", "-r", "--name-only", "pitwall-data", "runs/").split("\n")).toHaveLength(1);
  await expect(ask({ before: "2999-01" })).rejects.toThrow("would pack a month that is not over; the latest is");
  await expect(ask({ branch: "none" })).rejects.toThrow("there is no branch none of");
  expect(compact.inputs.safeParse({ before: "2026-13" }).error?.message).toContain("must be a month, as in 2026-11");
});
