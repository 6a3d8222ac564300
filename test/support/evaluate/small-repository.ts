import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { git } from "../git-repository.ts";

const IDENTITY = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];

export type Files = Record<string, string>;

/** A repository with one commit. @returns its id */
export function makeRepository(folder: string, files: Files): string {
  mkdirSync(folder, { recursive: true });
  git(folder, "init", "--quiet", "--initial-branch=main");
  return commitIn(folder, files);
}

/** @returns the commit's id */
export function commitIn(folder: string, files: Files): string {
  writeFiles(folder, files);
  git(folder, "add", "--all");
  git(folder, ...IDENTITY, "commit", "--quiet", "--allow-empty", "-m", "by hand");
  return git(folder, "rev-parse", "HEAD");
}

/** A patch that turns a clean working tree into one with these files; the tree stays as it was. */
export function patchOf(folder: string, files: Files): string {
  writeFiles(folder, files);
  git(folder, "add", "--all");
  const patch = `${git(folder, "diff", "--cached", "--binary", "HEAD")}\n`;
  git(folder, "reset", "--quiet", "--hard", "HEAD");
  return patch;
}

function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
