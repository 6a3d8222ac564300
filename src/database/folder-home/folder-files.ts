import { randomUUID } from "node:crypto";
import { type FileHandle, link, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, UserError } from "../../errors.ts";
import { makeFolder } from "../../files.ts";
import type { BranchFile } from "../git-home/plumbing/commit.ts";

/** Below the data folder, so on the same disk; hidden, so that no reader enters it. */
export const PENDING_FOLDER = ".pending";
/** A writer that was killed leaves its files here; no living one takes so long. */
const FORGOTTEN_MS = 86_400_000;

/** Files that are whole and on the disk, but under names of their own: nobody reads them yet. */
export interface StagedFiles extends AsyncDisposable {
  /**
   * Puts one in its place, where nothing is yet. The kernel does that at once or not at all, whoever else tries.
   * @returns false when something is there
   */
  put(path: string): Promise<boolean>;
  /** Puts one in its place, whatever is there. */
  replace(path: string): Promise<void>;
}

/**
 * Writes files where no reader looks, so that a full disk shows before anything is in its place.
 * @throws UserError naming what is wrong with the folder
 */
export async function stageFiles(root: string, files: readonly BranchFile[]): Promise<StagedFiles> {
  const pending = join(root, PENDING_FOLDER);
  const staged = new Map<string, string>();
  const dispose = async () => {
    for (const name of staged.values()) await rm(name, { force: true }).catch(() => undefined);
  };
  try {
    await makeFolder(pending);
    for (const { path, text } of files) {
      const name = join(pending, randomUUID());
      staged.set(path, name);
      await writeNew(name, text);
    }
  } catch (cause) {
    await dispose();
    throw folderError(root, cause);
  }
  const place = async (path: string, move: (from: string, to: string) => Promise<void>) => {
    const target = join(root, path);
    await makeFolder(dirname(target));
    await move(staged.get(path)!, target);
    await syncFolders(root, path);
  };
  return {
    async put(path) {
      try {
        await place(path, link);
        return true;
      } catch (cause) {
        const { code, syscall } = cause as NodeJS.ErrnoException;
        if (code === "EEXIST" && syscall === "link") return false;
        throw folderError(root, cause);
      }
    },
    async replace(path) {
      await place(path, rename).catch((cause) => {
        throw folderError(root, cause);
      });
    },
    [Symbol.asyncDispose]: dispose,
  };
}

async function writeNew(name: string, text: string): Promise<void> {
  const file = await open(name, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new name is on the disk when its folder is, and a new folder when the one above is. */
async function syncFolders(root: string, path: string): Promise<void> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    await syncFolder(join(root, folder));
    if (folder === ".") return;
  }
}

async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch (error) {
    // Some network file systems have no such call: they send names at once.
    if (!["EINVAL", "ENOTSUP", "EISDIR", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    await handle?.close();
  }
}

/** Removes what writers left that were killed a day ago or more. */
export async function removeForgotten(root: string): Promise<void> {
  const pending = join(root, PENDING_FOLDER);
  for (const name of await readdir(pending).catch(() => [])) {
    const file = join(pending, name);
    const facts = await stat(file).catch(() => null);
    if (facts !== null && Date.now() - facts.mtimeMs > FORGOTTEN_MS) await rm(file, { force: true }).catch(() => {});
  }
}

/** What is wrong and what to do. */
function folderError(root: string, cause: unknown): UserError {
  const { code = "", syscall } = cause as NodeJS.ErrnoException;
  const isLink = syscall === "link";
  const said = `The system said: ${messageOf(cause)}`;
  if (["ENOSPC", "EDQUOT"].includes(code)) {
    return new UserError(`no space is left for the folder ${root}; free some, and try again`, { cause });
  }
  if (isLink && ["EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "ENOSYS"].includes(code)) {
    return new UserError(
      `the disk of ${root} has no hard links, without which writers could overwrite each other: choose another ` +
        `folder, or publish to a git repository. ${said}`,
      { cause },
    );
  }
  if (["EACCES", "EPERM", "EROFS"].includes(code)) {
    return new UserError(`no write access to the folder ${root}: let this user write there and below. ${said}`, {
      cause,
    });
  }
  return new UserError(`the folder ${root} could not be written: ${messageOf(cause)}`, { cause });
}
