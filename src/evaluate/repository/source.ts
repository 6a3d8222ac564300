import { statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../../errors.ts";
import { withoutCredentials } from "../../machine/git.ts";

/** Whence commits come: a repository on this disk, which is only read, or a server. */
export type Source = { kind: "path"; path: string } | { kind: "url"; url: string };

const URL_FORM = /^(https?|ssh|git):\/\/[^\s-]/;
/** `user@host:path`, as ssh takes it. */
const SCP_FORM = /^[\w.]+@[\w.-]+:[^\s]/;

/**
 * @param given a path or URL; undefined: the repository's home on GitHub
 * @param repo `owner/name`
 * @throws UsageError for what is neither
 */
export function sourceOf(given: string | undefined, repo: string): Source {
  if (given === undefined) return { kind: "url", url: `https://github.com/${repo}.git` };
  if (URL_FORM.test(given) || SCP_FORM.test(given)) return { kind: "url", url: given };
  const path = given.startsWith("file://") ? pathOf(given) : resolve(given);
  if (path !== undefined && isFolder(path)) return { kind: "path", path };
  throw new UsageError(
    `--source: ${withoutCredentials(given)} is neither a folder nor a URL; clone the repository, or give its https:// address`,
  );
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Undefined for one of another host, or that is no path. */
function pathOf(address: string): string | undefined {
  try {
    return fileURLToPath(address);
  } catch {
    return undefined;
  }
}

/** Without a password, for people and for the name of its mirror, which is the same with another one. */
export const nameOf = (source: Source) => (source.kind === "path" ? source.path : withoutCredentials(source.url));

/**
 * Whence a submodule comes. A relative address is seen from its parent's; a path of this machine counts only where the parent
 * lies on it too, for a patch's author must not choose what of this disk is read.
 * @returns undefined for an address that is not followed
 */
export function submoduleSource(address: string, parent: Source): Source | undefined {
  if (/^\.\.?\//.test(address)) return relative(address, parent);
  if (URL_FORM.test(address) || SCP_FORM.test(address)) return { kind: "url", url: address };
  if (parent.kind !== "path") return undefined;
  const path = address.startsWith("file://") ? pathOf(address) : undefined;
  if (path !== undefined) return { kind: "path", path };
  return isAbsolute(address) ? { kind: "path", path: address } : undefined;
}

function relative(address: string, parent: Source): Source | undefined {
  if (parent.kind === "path") return { kind: "path", path: resolve(parent.path, address) };
  if (!URL_FORM.test(parent.url) || !URL.canParse(address, `${parent.url}/`)) return undefined;
  return { kind: "url", url: new URL(address, `${parent.url}/`).href };
}
