import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { makeOwnRepository } from "../../../src/evaluate/repository/own-repository.ts";
import { sealedGit } from "../../../src/evaluate/repository/sealed-git.ts";
import { shownAfter } from "../../../src/evaluate/repository/shown-after.ts";
import { sourceOf } from "../../../src/evaluate/repository/source.ts";
import { commitIn, makeRepository } from "../../support/evaluate/small-repository.ts";
import { git } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";

/** A repository with two commits, and a place for what is made of it. */
async function place() {
  const fixture = await createFixture({});
  const origin = fixture.getPath("origin");
  const base = makeRepository(origin, { "pkg/calc.py": "broken\n", ".gitignore": "*.log\n" });
  const fix = commitIn(origin, { "pkg/calc.py": "mended\n" });
  git(origin, "tag", "v1");
  const own = fixture.getPath("own");
  const mirrors = fixture.getPath("mirrors");
  const make = (commit = base, source = sourceOf(origin, "o/n"), folder = own) =>
    makeOwnRepository({ folder, mirrors, source, commit }, recordingTools());
  return { fixture, origin, base, fix, own, mirrors, make, [Symbol.asyncDispose]: () => fixture.rm() };
}

const sealed = (folder: string) => sealedGit(folder, process.env, new AbortController().signal);

describe("the repository of an instance", () => {
  test("stands at the commit and has nothing that came later", async () => {
    await using at = await place();
    await at.make();
    expect(readFileSync(join(at.own, "pkg/calc.py"), "utf8")).toBe("broken\n");
    expect(git(at.own, "rev-parse", "HEAD")).toBe(at.base);
    expect(git(at.own, "log", "--all", "--reflog", "--format=%H")).toBe(at.base);
    expect(git(at.own, "for-each-ref")).toBe("");
    expect(git(at.own, "remote")).toBe("");
    expect(() => git(at.own, "cat-file", "-e", at.fix)).toThrow();
    expect(existsSync(join(at.own, ".git/objects/info/alternates"))).toBe(false);
  });

  test("is made of a mirror that asks the source once for each commit", async () => {
    await using at = await place();
    await at.make();
    await at.make(at.base, sourceOf(at.origin, "o/n"), at.fixture.getPath("second"));
    const { said } = recordingTools();
    expect(said).toEqual([]);
    git(at.origin, "checkout", "--quiet", "--orphan", "gone");
    await at.make(at.base, sourceOf(at.origin, "o/n"), at.fixture.getPath("third"));
    expect(git(at.fixture.getPath("third"), "rev-parse", "HEAD")).toBe(at.base);
  });

  test("leaves the user's checkout as it was, with work of theirs in it", async () => {
    await using at = await place();
    writeFileSync(join(at.origin, "pkg/calc.py"), "my work\n");
    writeFileSync(join(at.origin, "notes.log"), "mine\n");
    const before = [git(at.origin, "status", "--porcelain", "--ignored"), git(at.origin, "for-each-ref")];
    await at.make();
    expect([git(at.origin, "status", "--porcelain", "--ignored"), git(at.origin, "for-each-ref")]).toEqual(before);
    expect(readFileSync(join(at.origin, "pkg/calc.py"), "utf8")).toBe("my work\n");
  });

  test("takes a commit that no branch leads to", async () => {
    await using at = await place();
    git(at.origin, "tag", "--delete", "v1");
    git(at.origin, "reset", "--quiet", "--hard", at.base);
    await at.make(at.fix);
    expect(git(at.own, "rev-parse", "HEAD")).toBe(at.fix);
  });

  test("runs none of the user's hooks and templates", async () => {
    await using at = await place();
    const home = at.fixture.getPath("home");
    mkdirSync(join(home, "hooks"), { recursive: true });
    writeFileSync(join(home, "hooks/post-checkout"), `#!/bin/sh\ntouch "${home}/ran"\n`, { mode: 0o755 });
    writeFileSync(join(home, ".gitconfig"), `[core]\n\thooksPath = ${home}/hooks\n[init]\n\ttemplateDir = ${home}\n`);
    const tools = recordingTools({ env: { ...process.env, HOME: home } });
    const source = sourceOf(at.origin, "o/n");
    await makeOwnRepository({ folder: at.own, mirrors: at.mirrors, source, commit: at.base }, tools);
    expect(existsSync(join(home, "ran"))).toBe(false);
    expect(existsSync(join(at.own, ".git/hooks"))).toBe(false);
  });

  test("has its submodules at their commits, and nothing later in them", async () => {
    await using at = await place();
    const lib = at.fixture.getPath("lib");
    const linked = makeRepository(lib, { "lib.txt": "one\n" });
    git(at.origin, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../lib", "vendor/lib");
    const commit = commitIn(at.origin, {});
    commitIn(lib, { "lib.txt": "later\n" });
    await at.make(commit);
    expect(readFileSync(join(at.own, "vendor/lib/lib.txt"), "utf8")).toBe("one\n");
    expect(git(join(at.own, "vendor/lib"), "log", "--all", "--format=%H")).toBe(linked);
    expect(git(at.own, "status", "--porcelain")).toBe("");
  });
});

describe("a source that does not have the commit", () => {
  const NONE = "1".repeat(40);

  test("is told, with what to do", async () => {
    await using at = await place();
    await expect(at.make(NONE)).rejects.toThrow(`git -C ${at.origin} fetch --all`);
  });

  test("is told to be a shallow clone where it is one", async () => {
    await using at = await place();
    const shallow = at.fixture.getPath("shallow");
    git(".", "clone", "--quiet", "--depth=1", `file://${at.origin}`, shallow);
    await expect(at.make(at.base, sourceOf(shallow, "o/n"))).rejects.toThrow("fetch --unshallow");
    await expect(at.make(at.fix, sourceOf(shallow, "o/n"))).rejects.toThrow("fetch --unshallow");
  });

  test("is told to be no repository", async () => {
    await using at = await place();
    const empty = at.fixture.getPath("empty");
    mkdirSync(empty);
    await expect(at.make(at.base, sourceOf(empty, "o/n"))).rejects.toThrow(`${empty} is no git repository`);
  });

  test("is told without the password that its address has, and another password has the same mirror", async () => {
    await using at = await place();
    const said: string[] = [];
    for (const password of ["one", "t@o"]) {
      const source = sourceOf(`http://me:${password}@127.0.0.1:1/n.git`, "o/n");
      const tools = recordingTools();
      const made = { folder: at.fixture.getPath(password), mirrors: at.fixture.getPath("mirrors"), source };
      await makeOwnRepository({ ...made, commit: NONE }, tools).catch(({ message }) => said.push(message));
      said.push(...tools.said);
    }
    expect(said.join("\n")).toContain("http://***@127.0.0.1:1/n.git does not give commit");
    expect(said.join("\n")).not.toMatch(/one@|t@o|me:/);
    expect(readdirSync(at.fixture.getPath("mirrors"))).toHaveLength(1);
  });

  test("is refused before anything begins where it is neither a folder nor a URL", () => {
    expect(() => sourceOf("/nowhere/at/all", "o/n")).toThrow("neither a folder nor a URL");
    expect(() => sourceOf("ext::sh -c date", "o/n")).toThrow("neither a folder nor a URL");
    expect(() => sourceOf("file://elsewhere/vllm", "o/n")).toThrow("neither a folder nor a URL");
    expect(sourceOf(undefined, "vllm-project/vllm")).toEqual({
      kind: "url",
      url: "https://github.com/vllm-project/vllm.git",
    });
  });
});

describe("a mirror", () => {
  test("loses the locks and half packs of a killed writer", async () => {
    await using at = await place();
    await at.make();
    const mirror = join(at.mirrors, readdirSync(at.mirrors)[0]!);
    for (const name of ["config.lock", "shallow.lock", "objects/pack/tmp_pack_x"])
      writeFileSync(join(mirror, name), "");
    await at.make(at.fix, undefined, at.fixture.getPath("second"));
    const left = readdirSync(mirror, { recursive: true, encoding: "utf8" });
    expect(left.filter((name) => /\.lock$|tmp_/.test(name))).toEqual([]);
  });

  test("that was killed while it was made is made again", async () => {
    await using at = await place();
    await at.make();
    const mirror = join(at.mirrors, readdirSync(at.mirrors)[0]!);
    for (const name of ["HEAD", "config", "refs"]) rmSync(join(mirror, name), { recursive: true });
    await at.make(at.base, undefined, at.fixture.getPath("second"));
    expect(git(at.fixture.getPath("second"), "rev-parse", "HEAD")).toBe(at.base);
  });

  test("has one writer at a time", async () => {
    await using at = await place();
    await Promise.all(
      [1, 2, 3].map((n) => at.make(n === 2 ? at.fix : at.base, undefined, at.fixture.getPath(`own${n}`))),
    );
    expect(git(at.fixture.getPath("own2"), "rev-parse", "HEAD")).toBe(at.fix);
  });
});

describe("what a repository shows of later times", () => {
  test.each<[string, (own: string, origin: string, fix: string) => void, string]>([
    [
      "an object",
      (own, origin) => void git(own, "fetch", "--quiet", "--no-write-fetch-head", origin),
      "is not in its history",
    ],
    [
      "a tag",
      (own, origin) => void git(own, "fetch", "--quiet", "--tags", origin),
      "refs/tags/v1 names a later commit",
    ],
    [
      "FETCH_HEAD",
      (own, _, fix) => writeFileSync(join(own, ".git/FETCH_HEAD"), `${fix}\t\tbranch 'main'\n`),
      "FETCH_HEAD names",
    ],
    [
      "a journal",
      (own, _, fix) => {
        mkdirSync(join(own, ".git/logs"));
        writeFileSync(join(own, ".git/logs/HEAD"), `${"0".repeat(40)} ${fix} T <t@example.org> 1 +0000\tpull\n`);
      },
      "logs/HEAD names",
    ],
    [
      "objects of another repository",
      (own, origin) => {
        mkdirSync(join(own, ".git/objects/info"), { recursive: true });
        writeFileSync(join(own, ".git/objects/info/alternates"), `${origin}/.git/objects\n`);
      },
      "alternates leads to another repository",
    ],
  ])("is found: %s", async (_, add, expected) => {
    await using at = await place();
    await at.make();
    expect(await shownAfter(at.own, at.base, sealed(at.own))).toEqual([]);
    add(at.own, at.origin, at.fix);
    expect((await shownAfter(at.own, at.base, sealed(at.own))).join("\n")).toContain(expected);
  });
});
