import { git } from "./git-repository.ts";

/** Makes a folder of files a checkout of `main`, as a runner has it, with a new bare repository as its origin. */
export function makeCheckout(folder: string, origin: string): void {
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "add", "--all");
  git(folder, "-c", "user.name=Octo", "-c", "user.email=octo@example.org", "commit", "--quiet", "-m", "Serve faster");
  git(folder, "clone", "--quiet", "--bare", folder, origin);
  git(folder, "remote", "add", "origin", origin);
}
