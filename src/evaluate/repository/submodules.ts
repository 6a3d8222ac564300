import { existsSync } from "node:fs";
import { join } from "node:path";
import { withoutCredentials } from "../../machine/git.ts";
import { type Git, mustGit, RepositoryError } from "./sealed-git.ts";
import { type Source, submoduleSource } from "./source.ts";

interface Submodule {
  folder: string;
  source: Source;
  commit: string;
}

const LINK = /^160000 commit ([0-9a-f]{40})\t(.+)$/s;

/** What a commit links to, with the addresses of its `.gitmodules`. @throws RepositoryError where one is not told, or not followed */
export async function findSubmodules(folder: string, commit: string, parent: Source, git: Git): Promise<Submodule[]> {
  if (!existsSync(join(folder, ".gitmodules"))) return [];
  const entries = (await mustGit(git, ["ls-tree", "-r", "-z", commit])).split("\0").flatMap((line) => {
    const [, linked, path] = LINK.exec(line) ?? [];
    return linked === undefined ? [] : [{ linked, path: path! }];
  });
  if (entries.length === 0) return [];
  const addresses = await readAddresses(git);
  return entries.map(({ linked, path }) => {
    const address = addresses.get(path);
    const source = address === undefined ? undefined : submoduleSource(address, parent);
    if (source !== undefined) return { folder: join(folder, path), source, commit: linked };
    const why =
      address === undefined
        ? "has no address in .gitmodules"
        : `has the address ${withoutCredentials(address)}, which is not followed`;
    throw new RepositoryError(`the submodule ${path} ${why}`);
  });
}

/** By path. */
async function readAddresses(git: Git): Promise<Map<string, string>> {
  const listed = await mustGit(git, ["config", "--file", ".gitmodules", "--no-includes", "--list", "-z"]);
  const byName = new Map<string, { path?: string; url?: string }>();
  for (const entry of listed.split("\0")) {
    const [, name, key, value] = /^submodule\.(.+)\.(path|url)\n(.*)$/s.exec(entry) ?? [];
    if (name !== undefined) byName.set(name, { ...byName.get(name), [key!]: value });
  }
  return new Map(
    [...byName.values()].flatMap(({ path, url }) => (path === undefined || url === undefined ? [] : [[path, url]])),
  );
}
