import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createFixture, type FsFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { appendRuns } from "../../src/database/append.ts";
import { serializeRun } from "../../src/database/document/document.ts";
import { readDatabase } from "../../src/database/read/read.ts";
import { verifyDatabase } from "../../src/database/read/verify.ts";
import { runPath } from "../../src/database/records/run.ts";
import { publish } from "../../src/verbs/publish/publish.ts";
import { git, isolated } from "../support/git-repository.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { runNumber } from "./runs.ts";

const env = { ...process.env, ...isolated };
const branch = "pitwall-data";
const good = serializeRun(runNumber(2));
const path = runPath(runNumber(2));
const misplaced = path.replace("/11/", "/10/");

const inOctober = runNumber(5, {
  id: runNumber(5).id.replace("202611", "202610"),
  startedAt: runNumber(5).startedAt.replace("-11-", "-10-"),
});

interface Damage {
  kind: string;
  /** What lies at `at`, by default the path of the second run. */
  content: string | Buffer | { link: string } | { mebibytes: number };
  at?: string;
  message: string;
  /** Only `verify` looks between the lines. */
  isReadable?: boolean;
}

const damages: Damage[] = [
  { kind: "a truncated file", content: good.slice(0, -30), message: "is not valid JSON" },
  {
    kind: "a wrong type",
    content: good.replace('"simulated":false', '"simulated":0'),
    message: "does not have the form",
  },
  {
    kind: "a duplicate id",
    content: good,
    at: runPath(runNumber(3)),
    message: `holds a run with another id, ${runNumber(2).id}`,
  },
  { kind: "an unknown schema", content: good.replace("pitwall.run/1", "mine/1"), message: "should have the schema" },
  {
    kind: "a merge-conflict marker",
    content: `<<<<<<< ours\n${good}=======\n${good}>>>>>>> theirs\n`,
    message: "holds the conflict markers of a merge",
  },
  {
    kind: "line ends of Windows",
    content: good.replaceAll("\n", "\r\n"),
    message: "has line ends of Windows (CRLF)",
    isReadable: true,
  },
  {
    kind: "more engine arguments than a document may have",
    content: good.replace('"args":[]', `"args":[${'"-a",'.repeat(1000)}"-a"]`),
    message: "has 1,001 arguments of the engine, more than the 1,000 that a document may have",
  },
  { kind: "a file of 100 MiB", content: { mebibytes: 100 }, message: "is 100.0 MiB, more than any document has" },
  {
    kind: "invalid UTF-8",
    content: Buffer.from(good.replace("h100", "h\xff00"), "latin1"),
    message: "is not valid UTF-8",
  },
  { kind: "a symbolic link", content: { link: "/etc/hostname" }, message: "is not a plain file" },
  { kind: "a run in the wrong month", content: good, at: misplaced, message: "does not belong on a data branch" },
  { kind: "a path outside of runs", content: good, at: "old/run.json", message: "does not belong on a data branch" },
];

async function lay(fixture: FsFixture, { content, at = path }: Damage): Promise<void> {
  const file = fixture.getPath(at);
  await mkdir(dirname(file), { recursive: true });
  if (typeof content === "string" || Buffer.isBuffer(content)) await writeFile(file, content);
  else if ("link" in content) await symlink(content.link, file);
  else {
    await writeFile(file, "");
    await truncate(file, content.mebibytes * 2 ** 20);
  }
}

const sound = {
  "pitwall.json": '{"schema":"pitwall.database/1"}\n',
  [runPath(runNumber(1))]: serializeRun(runNumber(1)),
};

describe.each(damages)("$kind on the branch", (damage) => {
  const named = `${damage.at ?? path} ${damage.message}`;

  test("is named by verify, and by the reader", async () => {
    await using fixture = await createFixture(sound);
    await lay(fixture, damage);
    const { problems } = await verifyDatabase(fixture.path);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining(named)]);
    if (damage.isReadable) expect((await readDatabase(fixture.path)).runs).toHaveLength(2);
    else await expect(readDatabase(fixture.path)).rejects.toThrow(named);
  });
});

describe("where damage lies on the way of a run that is published, it is named and nothing is pushed:", () => {
  /** Published in the test, so that the damage lies on their way. */
  const runs = [runNumber(2), runNumber(3), runNumber(4), inOctober];

  test.each(damages)("$kind", async (damage) => {
    await using fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    const tools = recordingTools({ env });
    await appendRuns({ repository, branch, runs: [runNumber(1)] }, tools);
    const clone = fixture.getPath("clone");
    git(".", "clone", "--quiet", "-b", branch, repository, clone);
    const at = damage.at ?? path;
    await lay(fixture, { ...damage, at: `clone/${at}` });
    git(clone, "-c", "core.autocrlf=false", "add", "--all");
    git(clone, "-c", "user.name=a", "-c", "user.email=b", "commit", "--quiet", "-m", "damage");
    git(clone, "push", "--quiet", "origin", branch);
    const tip = git(repository, "rev-parse", branch);
    // An append sees no more of a folder at the top than its name.
    const named = at.startsWith("old/") ? "old is a folder that does not belong on a data branch" : at;
    await expect(appendRuns({ repository, branch, runs }, tools)).rejects.toThrow(named);
    expect(git(repository, "rev-parse", branch)).toBe(tip);
    if (damage.isReadable) return;
    const message = `${at} ${damage.message}`;
    await expect(readDatabase(`${repository}#${branch}`, { env }), "by a reader of git, too").rejects.toThrow(message);
  });

  test("line ends of Windows in a folder without git", async () => {
    const crlf = damages.find(({ isReadable }) => isReadable)!;
    await using fixture = await createFixture(sound);
    await lay(fixture, crlf);
    const appending = appendRuns({ repository: `folder:${fixture.path}`, branch, runs }, recordingTools({ env }));
    await expect(appending).rejects.toThrow(`${path} ${crlf.message}`);
    expect(await fixture.exists(runPath(runNumber(3)))).toBe(false);
  });

  test("a symbolic link in the place of a folder", async () => {
    await using fixture = await createFixture({ elsewhere: {} });
    const repository = fixture.getPath("database.git");
    await appendRuns({ repository, branch, runs: [runNumber(1)] }, recordingTools({ env }));
    const clone = fixture.getPath("clone");
    git(".", "clone", "--quiet", "-b", branch, repository, clone);
    await symlink(fixture.getPath("elsewhere"), fixture.getPath("clone/runs/2026/10"));
    git(clone, "add", "--all");
    git(clone, "-c", "user.name=a", "-c", "user.email=b", "commit", "--quiet", "-m", "damage");
    git(clone, "push", "--quiet", "origin", branch);
    const appending = appendRuns({ repository, branch, runs: [inOctober] }, recordingTools({ env }));
    await expect(appending).rejects.toThrow("runs/2026/10 does not belong on a data branch");
    expect(await fixture.readdir("elsewhere")).toEqual([]);
  });
});

describe("line ends of Windows", () => {
  test("in a document that is handed to publish are none on the branch, nor in a checkout that makes some elsewhere", async () => {
    await using fixture = await createFixture({ "mine.json": good.replaceAll("\n", "\r\n") });
    const repository = fixture.getPath("database.git");
    const inputs = publish.inputs.parse({ database: repository, run: [fixture.getPath("mine.json")] });
    expect((await publish.run(inputs, recordingTools({ env }))).outputs.published).toBe(true);
    const clone = fixture.getPath("clone");
    git(".", "-c", "core.autocrlf=true", "clone", "--quiet", "-b", branch, repository, clone);
    expect(await fixture.readFile(`clone/${path}`, "utf8")).toBe(good);
    expect(git(clone, "-c", "core.autocrlf=true", "status", "--porcelain")).toBe("");
    expect((await verifyDatabase(clone)).problems).toEqual([]);
  });
});

describe("a document that is handed to publish is named, and nothing is pushed:", () => {
  const given = damages.filter(({ at, isReadable, content }) => {
    const isLink = typeof content === "object" && "link" in content;
    return at === undefined && !isReadable && !isLink;
  });

  test.each(given)("$kind", async (damage) => {
    await using fixture = await createFixture({ "good.json": serializeRun(runNumber(1)) });
    await lay(fixture, { ...damage, at: "mine.json" });
    const [mine, repository] = [fixture.getPath("mine.json"), fixture.getPath("database.git")];
    const inputs = publish.inputs.parse({ database: repository, run: [fixture.getPath("good.json"), mine] });
    await expect(publish.run(inputs, recordingTools({ env }))).rejects.toThrow(`${mine} ${damage.message}`);
    expect(await fixture.readdir("")).toEqual(["good.json", "mine.json"]);
  });
});
