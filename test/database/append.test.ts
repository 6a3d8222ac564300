import { execFileSync, spawnSync } from "node:child_process";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { appendRuns } from "../../src/database/append.ts";
import { serializeRun } from "../../src/database/document/document.ts";
import { readDatabase } from "../../src/database/read/read.ts";
import { runPath } from "../../src/database/records/run.ts";
import { filesIn } from "../support/folder-content.ts";
import { commitByHand, fileOn, filesOn, git, isolated } from "../support/git-repository.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { runNumber, simulatedRun } from "./runs.ts";

const env = { ...process.env, ...isolated };
const tools = () => recordingTools({ env });
const branch = "pitwall-data";

test("the first append makes the repository, the branch, its marker and its README", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("new/folder/database.git");
  const run = runNumber(1);
  const result = await appendRuns({ repository, branch, runs: [run] }, tools());
  expect(result).toEqual({
    status: "appended",
    commit: git(repository, "rev-parse", branch),
    added: [run.id],
    already: [],
    renewed: [],
    attempts: 1,
  });
  expect(filesOn(repository)).toEqual([".gitattributes", "README.md", "pitwall.json", runPath(run)]);
  expect(fileOn(repository, "pitwall.json")).toBe('{"schema":"pitwall.database/1","holds":"real"}\n');
  expect(fileOn(repository, runPath(run))).toBe(serializeRun(run));
  expect(git(repository, "rev-list", "--count", "--all")).toBe("1");
  expect(git(repository, "symbolic-ref", "HEAD")).toBe(`refs/heads/${branch}`);
  expect(git(repository, "config", "pack.writeReverseIndex"), "git's default from 2.41 on").toBe("true");
});

test("a later append adds its run on the tip and leaves every other file as it is", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  const { commit } = await appendRuns({ repository, branch, runs: [runNumber(1)] }, tools());
  const before = git(repository, "ls-tree", "-r", branch).split("\n");
  await appendRuns({ repository, branch, runs: [runNumber(2)] }, tools());
  expect(git(repository, "rev-parse", `${branch}^`)).toBe(commit);
  expect(git(repository, "ls-tree", "-r", branch).split("\n")).toEqual(expect.arrayContaining(before));
  expect(git(repository, "diff", "--name-status", `${branch}^`, branch)).toBe(`A\t${runPath(runNumber(2))}`);
  git(repository, "fsck", "--strict");
});

test("many runs go into one commit, whose message lists what they hold", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await appendRuns({ repository, branch, runs: [runNumber(1), runNumber(2)] }, tools());
  expect(git(repository, "log", "--format=%B", branch)).toBe(
    [
      "Add 2 runs",
      "",
      `- ${runNumber(1).id}: vllm 0.32.0, meta-llama/Llama-3.1-8B-Instruct, 1 ok`,
      `- ${runNumber(2).id}: vllm 0.32.0, meta-llama/Llama-3.1-8B-Instruct, 1 ok`,
    ].join("\n"),
  );
});

test("the same run again is already there, however its file was laid out", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  const run = runNumber(1);
  const { commit } = await appendRuns({ repository, branch, runs: [run] }, tools());
  const reordered = Object.fromEntries(Object.entries(run).reverse()) as typeof run;
  const again = await appendRuns({ repository, branch, runs: [reordered] }, tools());
  expect(again).toEqual({ status: "already-there", commit, added: [], renewed: [], already: [run.id], attempts: 1 });
  expect(git(repository, "rev-parse", branch)).toBe(commit);

  const mixed = await appendRuns({ repository, branch, runs: [run, runNumber(2)] }, tools());
  expect(mixed).toMatchObject({ status: "appended", added: [runNumber(2).id], already: [run.id] });
});

test("the same id with another content is refused, and the branch stays as it was", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  const { commit } = await appendRuns({ repository, branch, runs: [runNumber(1)] }, tools());
  const other = runNumber(1, { outcome: "failed" });
  const appending = appendRuns({ repository, branch, runs: [runNumber(2), other] }, tools());
  await expect(appending).rejects.toThrow(`the run ${other.id} is already on the branch with another content`);
  expect(git(repository, "rev-parse", branch)).toBe(commit);
  const both = appendRuns({ repository, branch, runs: [runNumber(3), runNumber(3, { outcome: "failed" })] }, tools());
  await expect(both).rejects.toThrow(`two of the documents have the id ${runNumber(3).id}`);
});

test("publishing from inside a repository changes nothing in it", async () => {
  await using fixture = await createFixture({ "work/README.md": "code\n", "work/staged.txt": "one\n" });
  const work = fixture.getPath("work");
  const repository = fixture.getPath("origin.git");
  git(work, "init", "--quiet", "--bare", repository);
  git(work, "init", "--quiet", "-b", "main");
  git(work, "config", "user.name", "Ada");
  git(work, "config", "user.email", "ada@example.org");
  git(work, "remote", "add", "origin", repository);
  git(work, "add", "README.md");
  git(work, "commit", "--quiet", "-m", "code");
  git(work, "add", "staged.txt");
  await fixture.writeFile("work/README.md", "changed\n");
  git(work, "status");
  const before = filesIn(work);

  const script = `
    import { appendRuns } from ${JSON.stringify(`${process.cwd()}/src/database/append.ts`)};
    const report = { info() {}, warning() {}, error() {} };
    const runs = ${JSON.stringify([runNumber(1)])};
    await appendRuns({ repository: ${JSON.stringify(repository)}, branch: "pitwall-data", runs },
      { report, env: process.env, signal: new AbortController().signal });`;
  const hookLike = { ...env, GIT_DIR: `${work}/.git`, GIT_INDEX_FILE: `${work}/.git/index`, GIT_WORK_TREE: work };
  execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: work, env: hookLike });

  expect(filesIn(work), "files, index, HEAD, refs, objects and configuration").toEqual(before);
  expect(git(repository, "log", "-1", "--format=%an <%ae> %cn <%ce>", branch)).toBe(
    "Ada <ada@example.org> Ada <ada@example.org>",
  );
});

test("without a name in git's configuration the commit is pitwall's", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await appendRuns({ repository, branch, runs: [runNumber(1)] }, tools());
  const author = git(repository, "log", "-1", "--format=%an <%ae>", branch);
  expect(author).toBe("pitwall <pitwall@users.noreply.github.com>");
});

// It comes with openssh-client, which git only recommends.
const canSign = spawnSync("ssh-keygen", ["-?"]).error === undefined;

test.runIf(canSign)(
  "a commit is signed where the user's git signs commits, and one that cannot be signed is not pushed",
  async () => {
    await using fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    const key = fixture.getPath("key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "ada@example.org", "-f", key]);
    await fixture.writeFile("signers", `ada@example.org ${await fixture.readFile("key.pub", "utf8")}`);
    const config = (signingKey: string) =>
      `[user]\nname = Ada\nemail = ada@example.org\nsigningkey = ${signingKey}\n[gpg]\nformat = ssh\n[commit]\ngpgsign = true\n`;
    await fixture.writeFile("gitconfig", config(key));
    const env = { ...process.env, ...isolated, GIT_CONFIG_GLOBAL: fixture.getPath("gitconfig") };
    await appendRuns({ repository, branch, runs: [runNumber(1)] }, recordingTools({ env }));
    const signers = `gpg.ssh.allowedSignersFile=${fixture.getPath("signers")}`;
    expect(git(repository, "-c", signers, "log", "-1", "--format=%G? %GS", branch)).toBe("G ada@example.org");

    const tip = git(repository, "rev-parse", branch);
    await fixture.writeFile("gitconfig", config(fixture.getPath("no-such-key")));
    const failing = appendRuns({ repository, branch, runs: [runNumber(2)] }, recordingTools({ env }));
    await expect(failing).rejects.toThrow("could not sign the commit");
    expect(git(repository, "rev-parse", branch)).toBe(tip);
  },
);

test("a branch of a working repository that is not checked out can be written", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("work");
  git(fixture.path, "init", "--quiet", "-b", "main", repository);
  git(repository, "-c", "user.name=a", "-c", "user.email=b", "commit", "--quiet", "--allow-empty", "-m", "code");
  await appendRuns({ repository, branch, runs: [runNumber(1)] }, tools());
  expect(filesOn(repository)).toContain(runPath(runNumber(1)));
  expect(git(repository, "symbolic-ref", "HEAD")).toBe("refs/heads/main");
});

test("attributes on the branch never change the bytes of a document", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await appendRuns({ repository, branch, runs: [runNumber(1)] }, tools());
  commitByHand(repository, branch, { ".gitattributes": "*.json text eol=crlf\n" }, fixture.getPath("clone"));
  await appendRuns({ repository, branch, runs: [runNumber(2)] }, tools());
  expect(fileOn(repository, runPath(runNumber(2)))).toBe(serializeRun(runNumber(2)));
  expect((await readDatabase(`${repository}#${branch}`, { env })).runs).toEqual([runNumber(1), runNumber(2)]);
});

test("simulated runs stay out of a branch that holds real ones, unless allowed", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await appendRuns({ repository, branch, runs: [runNumber(1)] }, tools());
  const appending = appendRuns({ repository, branch, runs: [simulatedRun(2)] }, tools());
  await expect(appending).rejects.toThrow(/is simulated, and pitwall-data of .* holds runs of real engines/);
  expect(filesOn(repository)).not.toContain(runPath(simulatedRun(2)));
  await appendRuns({ repository, branch, runs: [simulatedRun(2)], allowSimulated: true }, tools());
  const again = appendRuns({ repository, branch, runs: [simulatedRun(3)] }, tools());
  await expect(again, "being let in once is no licence for the next").rejects.toThrow("is simulated");
  const both = appendRuns({ repository, branch: "new", runs: [runNumber(4), simulatedRun(5)] }, tools());
  await expect(both).rejects.toThrow("is simulated");
});

test("a real run on a branch of simulated ones is stored with a warning, and closes the branch to them", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await appendRuns({ repository, branch, runs: [simulatedRun(1)] }, tools());
  expect(fileOn(repository, "pitwall.json")).toContain('"holds":"simulated"');
  await appendRuns({ repository, branch, runs: [simulatedRun(2)] }, tools());
  const { said, ...rest } = tools();
  await appendRuns({ repository, branch, runs: [runNumber(3)] }, { ...rest });
  expect(said).toEqual([expect.stringMatching(/^warning: pitwall-data of .* held only simulated runs/)]);
  expect(fileOn(repository, "pitwall.json")).toContain('"holds":"real"');
  await expect(appendRuns({ repository, branch, runs: [simulatedRun(4)] }, tools())).rejects.toThrow("is simulated");
});

test.each([
  { held: runNumber(1), verdict: "refused" },
  { held: simulatedRun(1), verdict: "stored" },
])(
  "a marker that does not say what the branch holds makes the runs be looked at: $verdict",
  async ({ held, verdict }) => {
    await using fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    git(fixture.path, "init", "--quiet", "--bare", repository);
    const files = { "pitwall.json": '{"schema":"pitwall.database/1"}\n', [runPath(held)]: serializeRun(held) };
    commitByHand(repository, branch, files, fixture.getPath("clone"));
    const appending = appendRuns({ repository, branch, runs: [simulatedRun(2)] }, tools());
    if (verdict === "refused") await expect(appending).rejects.toThrow("holds runs of real engines");
    else {
      await appending;
      expect(fileOn(repository, "pitwall.json")).toContain('"holds":"simulated"');
    }
  },
);
