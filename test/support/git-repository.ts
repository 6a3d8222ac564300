import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Runs git in a folder with nobody's configuration but the folder's own; returns what it printed. */
export function git(folder: string, ...args: string[]): string {
  const env = { ...process.env, ...isolated, GIT_AUTHOR_DATE: undefined, GIT_COMMITTER_DATE: undefined };
  return execFileSync("git", args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

/** Keeps the configuration of whoever runs the tests out of them. */
export const isolated = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

const IDENTITY = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];

/** Puts files on a branch of a bare repository by an ordinary clone, as a person would; null removes a file. */
export function commitByHand(
  bare: string,
  branch: string,
  files: Record<string, string | Buffer | null>,
  scratch: string,
): void {
  git(".", "init", "--quiet", scratch);
  git(scratch, "remote", "add", "origin", bare);
  if (git(bare, "for-each-ref", `refs/heads/${branch}`) !== "") {
    git(scratch, "fetch", "--quiet", "origin", branch);
    git(scratch, "checkout", "--quiet", "-b", branch, "FETCH_HEAD");
  } else git(scratch, "checkout", "--quiet", "--orphan", branch);
  for (const [path, content] of Object.entries(files)) {
    if (content === null) {
      git(scratch, "rm", "--quiet", path);
      continue;
    }
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), content);
    git(scratch, "add", "--force", path);
  }
  git(scratch, ...IDENTITY, "commit", "--quiet", "--allow-empty", "-m", "by hand");
  git(scratch, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
}

/** Files of a branch, in order. */
export function filesOn(bare: string, branch = "pitwall-data"): string[] {
  return git(bare, "ls-tree", "-r", "--name-only", branch).split("\n");
}

export function fileOn(bare: string, path: string, branch = "pitwall-data"): string {
  return `${git(bare, "show", `${branch}:${path}`)}\n`;
}

/** Lets every push to a bare repository go through a shell script first. */
export function installHook(
  bare: string,
  name: "pre-receive" | "update" | "reference-transaction",
  script: string,
): void {
  mkdirSync(join(bare, "hooks"), { recursive: true });
  writeFileSync(join(bare, "hooks", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}
