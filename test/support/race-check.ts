import { expect } from "vitest";
import { readDatabase } from "../../src/database/read/read.ts";
import { verifyDatabase } from "../../src/database/read/verify.ts";
import { runNumber } from "../database/runs.ts";
import { git, isolated } from "./git-repository.ts";

const BRANCH = "pitwall-data";
const env = { ...process.env, ...isolated };

/** Every document that a writer was told of is there, none twice, none of anybody else, and the branch is whole and one line. */
export async function checkBranch(
  repository: string,
  told: readonly string[],
  most: { writers: number; documents: number },
) {
  const { runs } = await readDatabase(`${repository}#${BRANCH}`, { env });
  const ids = runs.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining([...told]));
  expect(new Set(ids).size).toBe(ids.length);
  const allIds = Array.from({ length: most.writers * most.documents }, (_, i) =>
    runNumber(Math.floor(i / most.documents) * 100 + (i % most.documents)),
  ).map(({ id }) => id);
  expect(allIds).toEqual(expect.arrayContaining(ids));
  expect(git(repository, "rev-list", "--count", BRANCH)).toBe(String(ids.length));
  expect(git(repository, "rev-list", "--merges", BRANCH)).toBe("");
  expect(git(repository, "for-each-ref", "--format=%(refname)")).toBe(`refs/heads/${BRANCH}`);
  git(repository, "fsck", "--strict");
  return ids;
}

/** The branch as `verify` sees it. */
export async function problemsOf(repository: string) {
  return (await verifyDatabase(`${repository}#${BRANCH}`, { env })).problems;
}
