import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { git } from "../support/git-repository.ts";

const PATCH =
  "diff --git a/engine.py b/engine.py\n--- a/engine.py\n+++ b/engine.py\n@@ -1 +1 @@\n-speed = 1\n+speed = 2\n";
/** Notes what it is asked, and fails where it is asked to. */
const PIP =
  '#!/bin/sh\necho "$VLLM_TARGET_DEVICE|$MAX_JOBS|$*" >> "$PIP_LOG"\ncase "$*" in *"$PIP_FAILS"*) exit 1;; esac\n';

const PERSON = ["-c", "user.name=T", "-c", "user.email=t@example.org"];

/** A repository with one commit, and the script with a pip of ours. */
async function workplace(files: Record<string, string> = {}) {
  const place = await createFixture({
    ...{
      "vllm/engine.py": "speed = 1\n",
      "vllm/.gitignore": "build/\n.venv/\n",
      "bin/pip": PIP,
      "fix.patch": PATCH,
      "empty.patch": "",
    },
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`vllm/${name}`, text])),
  });
  const repository = place.getPath("vllm");
  git(place.path, "-c", "core.filemode=true", "init", "--quiet", "vllm");
  git(repository, "add", "--all");
  git(repository, ...PERSON, "commit", "--quiet", "--message", "first");
  const commit = git(repository, "rev-parse", "HEAD");
  const docker = join(PACKAGE_ROOT, "docker");
  const log = place.getPath("pip.log");
  return {
    ...{ path: (name: string) => place.getPath(name), repository, commit },
    write(name: string, text: string) {
      mkdirSync(dirname(join(repository, name)), { recursive: true });
      writeFileSync(join(repository, name), text);
    },
    read: (name: string) => readFileSync(join(repository, name), "utf8"),
    pip: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []),
    setUp(args: string[], env: Record<string, string> = {}) {
      const run = spawnSync(
        "bash",
        [
          "-c",
          'chmod +x "$1/pip"; shift; exec "$@"',
          "sh",
          place.getPath("bin"),
          join(docker, "setup_vllm_env.sh"),
          ...args,
        ],
        {
          env: {
            ...process.env,
            PATH: `${place.getPath("bin")}:${docker}:${process.env.PATH}`,
            VLLM_REPO: repository,
            PIP_LOG: log,
            PIP_FAILS: "nothing",
            MAX_JOBS: "8",
            ...env,
          },
          encoding: "utf8",
        },
      );
      return { code: run.status, said: run.stderr + run.stdout };
    },
    [Symbol.asyncDispose]: () => place.rm(),
  };
}

describe("the set-up script in images", () => {
  test("checks out, patches, installs and then installs what tests need", async () => {
    await using place = await workplace({
      "setup.py": "",
      "requirements-test.txt": "x\n",
      "requirements/dev.txt": "y\n",
    });
    const { code } = place.setUp([
      "--commit",
      place.commit.slice(0, 12),
      "--source-patch",
      place.path("fix.patch"),
      "--editable",
    ]);
    expect(code).toBe(0);
    expect(place.read("engine.py")).toBe("speed = 2\n");
    expect(place.pip()).toEqual([
      "|8|install --editable .",
      "|8|install --requirement requirements-test.txt",
      "|8|install --requirement requirements/dev.txt",
    ]);
  });

  test("installs without kernels by --skip-build", async () => {
    await using place = await workplace({ "setup.py": "" });
    expect(place.setUp(["--commit", place.commit, "--skip-build"]).code).toBe(0);
    expect(place.pip()).toEqual(["empty|8|install --no-build-isolation ."]);
  });

  test("builds once more with fewer jobs, and says when pip fails for good", async () => {
    await using place = await workplace({ "setup.py": "" });
    const { code, said } = place.setUp(["--commit", place.commit], { PIP_FAILS: "install ." });
    expect([code, place.pip()]).toEqual([1, ["|8|install .", "|2|install ."]]);
    expect(said).toContain("pip could not build");
  });

  test("fails when a list of requirements cannot be installed", async () => {
    await using place = await workplace({ "requirements-test.txt": "x\n" });
    expect(place.setUp(["--commit", place.commit], { PIP_FAILS: "requirements-test" })).toMatchObject({ code: 1 });
  });

  test.each(["none.patch", "empty.patch"])("refuses %s before anything is changed", async (name) => {
    await using place = await workplace();
    place.write("engine.py", "speed = 7\n");
    const { code, said } = place.setUp(["--commit", place.commit, "--test-patch", place.path(name)]);
    expect(code).toBe(1);
    expect(said).toContain("is missing or empty");
    expect(place.read("engine.py")).toBe("speed = 7\n");
  });

  test("says PATCH_FAILED when a patch does not apply", async () => {
    await using place = await workplace();
    place.write("../fix.patch", PATCH.replace("-speed = 1", "-speed = 9"));
    const { code, said } = place.setUp(["--commit", place.commit, "--source-patch", place.path("fix.patch")]);
    expect(code).toBe(3);
    expect(said).toContain("PATCH_FAILED: ");
  });

  test("loses nothing of a user's own checkout, and removes what an earlier build left", async () => {
    await using place = await workplace();
    place.write("engine.py", "mine\n");
    place.write("new.py", "mine too\n");
    place.write(".venv/mine", "environment\n");
    place.write("build/old.so", "stale\n");
    const { code, said } = place.setUp(["--commit", place.commit]);
    expect(code).toBe(0);
    expect(said).toContain("git stash list");
    expect(git(place.repository, "stash", "show", "--include-untracked", "--name-only").split("\n").toSorted()).toEqual(
      ["engine.py", "new.py"],
    );
    expect([
      existsSync(join(place.repository, ".venv/mine")),
      existsSync(join(place.repository, "build/old.so")),
    ]).toEqual([true, false]);
  });

  test("applies a patch that lies in the checkout itself, untracked, or is named from there", async () => {
    await using place = await workplace();
    place.write("mine.patch", PATCH);
    const patch = join(place.repository, "mine.patch");
    expect(place.setUp(["--commit", place.commit, "--source-patch", patch]).code).toBe(0);
    expect(place.read("engine.py")).toBe("speed = 2\n");
  });

  test("loses nothing that is not committed in a submodule", async () => {
    await using place = await workplace();
    const origin = place.path("part");
    git(dirname(origin), "init", "--quiet", "part");
    writeFileSync(join(origin, "part.py"), "first\n");
    git(origin, "add", "--all");
    git(origin, ...PERSON, "commit", "--quiet", "--message", "first");
    const FILES = ["-c", "protocol.file.allow=always"];
    git(place.repository, ...FILES, "submodule", "--quiet", "add", origin, "part");
    git(place.repository, ...PERSON, "commit", "--quiet", "--all", "--message", "with a part");
    place.write("part/part.py", "mine\n");
    const commit = git(place.repository, "rev-parse", "HEAD");
    const { code, said } = place.setUp(["--commit", commit]);
    expect([code, place.read("part/part.py")]).toEqual([0, "first\n"]);
    expect(said).toContain("part is kept: git stash list");
    expect(git(join(place.repository, "part"), "stash", "show", "--name-only")).toBe("part.py");
  });

  test("changes nothing for a commit that is nowhere", async () => {
    await using place = await workplace();
    place.write("engine.py", "mine\n");
    git(place.repository, "remote", "add", "origin", place.repository);
    expect(place.setUp(["--commit", "deadbeef"])).toMatchObject({ code: 1 });
    expect(place.read("engine.py")).toBe("mine\n");
  });

  test.each([
    [[], 2, "--commit is required"],
    [["--commit"], 2, "--commit needs a value"],
    [["--commit", "x", "--fast"], 2, "unknown argument --fast"],
    [["--commit", "--all"], 2, "is no commit"],
    [["--commit", "deadbeef"], 1, "could not be fetched"],
  ])("with %j it ends with %i", async (args, code, words) => {
    await using place = await workplace();
    git(place.repository, "remote", "add", "origin", "/nowhere");
    const run = place.setUp(args);
    expect(run.code).toBe(code);
    expect(run.said).toContain(words);
  });
});
