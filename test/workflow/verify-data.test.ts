import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serializeRun } from "../../src/database/document/document.ts";
import { runPath } from "../../src/database/records/run.ts";
import { runNumber } from "../database/runs.ts";
import { git } from "../support/git-repository.ts";
import { makeWorkplace } from "./act.ts";

const PATH = ".github/workflows/verify-data.yml";
const WORKFLOW = readFileSync(join(import.meta.dirname, "../..", PATH), "utf8");
const [first, second] = [runNumber(1), runNumber(2)];

test("the reference workflow verify-data.yml passes a push that adds a run, and fails one that takes a run away", async () => {
  await using workplace = await makeWorkplace({
    [PATH]: WORKFLOW,
    "pitwall.json": '{"schema":"pitwall.database/1"}\n',
    [runPath(first)]: serializeRun(first),
  });
  const folder = workplace.path("user");
  const push = async () => {
    const before = git(folder, "rev-parse", "HEAD");
    git(folder, "add", "--all");
    git(folder, "-c", "user.name=Octo", "-c", "user.email=octo@example.org", "commit", "--quiet", "-m", "By hand");
    return workplace.act("push", { event: { ref: "refs/heads/pitwall-data", before } });
  };
  git(folder, "checkout", "--quiet", "-b", "pitwall-data");

  await writeFile(join(folder, runPath(second)), serializeRun(second));
  const added = await push();
  expect(added.jobs, added.log).toEqual({ "append-only": "success" });

  await rm(join(folder, runPath(first)));
  const lost = await push();
  expect(lost.jobs, lost.log).toEqual({ "append-only": "failure" });
  expect(lost.log).toContain(`${runPath(first)} of the base is gone`);
});
