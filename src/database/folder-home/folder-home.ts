import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../../errors.ts";
import type { Tools } from "../../tools.ts";
import { checkAdditions } from "../additions.ts";
import { type Appender, appenderOf } from "../appender.ts";
import { type DatabaseMarker, parseMarker, serializeMarker } from "../document/database-marker.ts";
import { type Document, namedRuns, runsOf } from "../document/documents.ts";
import { MARKER_FILE, README_FILE } from "../document/layout.ts";
import { README } from "../document/readme.ts";
import { checkSame } from "../document/same-document.ts";
import { readText } from "../document/text-file.ts";
import { markerAfter } from "../git-home/marker.ts";
import type { BranchFile } from "../git-home/plumbing/commit.ts";
import type { FolderHome } from "../git-home/plumbing/repository.ts";
import type { AppendResult, AppendTarget } from "../home.ts";
import { packedTextIn } from "../pack/packed-in.ts";
import { monthOf, packPath } from "../pack/packed-index.ts";
import { readFolder } from "../read/folder.ts";
import { renewFilesBeside } from "./folder-beside.ts";
import { removeForgotten, stageFiles } from "./folder-files.ts";
import { presentIn } from "./present-in.ts";

/**
 * A data branch's content in a folder without git, as on a shared disk. There is no lock that a killed writer could leave:
 * a document is written under a name of its own and linked to its place, which fails when something is there. Documents of
 * one append come one after the other; each of them is whole or not there, and appending them again is safe.
 */
export async function openFolderHome(home: FolderHome, target: AppendTarget, tools: Tools): Promise<Appender> {
  await checkFolder(home);
  const open: OpenFolder = { root: home.path, place: home.name, target, tools };
  return appenderOf({
    write: (documents) =>
      appendDocuments(open, documents).catch((error) => {
        if (!tools.signal.aborted || error instanceof UserError) throw error;
        throw new UserError("cancelled before all documents were there; publishing them again is safe", {
          cause: error,
        });
      }),
    unpackedMonths: async () => [],
  });
}

interface OpenFolder {
  root: string;
  /** The folder, in words. */
  place: string;
  target: AppendTarget;
  tools: Tools;
}

async function checkFolder({ path, name }: FolderHome): Promise<void> {
  const facts = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") {
      throw new UserError(`${name} does not exist: make the folder first, or mount the disk that it is on`, { cause });
    }
    throw new UserError(`${name} cannot be used: ${messageOf(cause)}`, { cause });
  });
  if (!facts.isDirectory()) throw new UserError(`${name} is not a folder`);
}

async function appendDocuments(folder: OpenFolder, documents: Document[]): Promise<AppendResult> {
  const { root, place, target, tools } = folder;
  const before = await readMarkerIn(folder);
  const missing: Document[] = [];
  for (const document of documents) if (!(await isThere(root, document))) missing.push(document);
  await checkNamedRuns(folder, documents, before);
  await checkAdditions(missing, presentIn(root, missing));
  const already = (added: string[]) => documents.map(({ id }) => id).filter((id) => !added.includes(id));
  const ids = missing.map(({ id }) => id);
  if (missing.length > 0 && target.dryRun) {
    await markerFor(folder, missing, before);
    return { ...resultOf(ids, already(ids)), status: "dry-run" };
  }
  if (missing.length === 0) {
    if (target.dryRun) return resultOf([], already([]));
    const renew = await renewFilesBeside(folder, documents);
    return { ...resultOf([], already([])), renewed: await renew(already([])) };
  }
  const beside = await renewFilesBeside(folder, missing);
  const marker = await markerFor(folder, missing, before);
  const files: BranchFile[] = [...missing];
  // It only ever becomes real: of writers at once none takes back what another one wrote.
  const isNewMarker = before === null || (before.holds !== "real" && marker.holds === "real");
  const isNewReadme = !existsSync(join(root, README_FILE));
  if (isNewMarker) files.push({ path: MARKER_FILE, text: serializeMarker(marker) });
  if (isNewReadme) files.push({ path: README_FILE, text: README });
  await using staged = await stageFiles(root, files);
  tools.signal.throwIfAborted();
  // The marker goes first: nobody may take the folder for something else, and no simulated run may slip in after real ones.
  if (before === null && !(await staged.put(MARKER_FILE))) return appendDocuments(folder, documents);
  if (before !== null && isNewMarker) await staged.replace(MARKER_FILE);
  if (isNewReadme) await staged.put(README_FILE);
  const added: string[] = [];
  for (const document of missing) {
    tools.signal.throwIfAborted();
    if (await staged.put(document.path)) added.push(document.id);
    else await isThere(root, document);
  }
  await beside(added);
  await removeForgotten(root);
  if (before === null) tools.report.info(`${place} was empty: a new history begins there`);
  if (before?.holds === "simulated" && marker.holds === "real") {
    tools.report.warning(`${place} held only simulated runs until now; they stay beside the real ones`);
  }
  return resultOf(added, already(added));
}

function resultOf(added: string[], already: string[]): AppendResult {
  return {
    status: added.length > 0 ? "appended" : "already-there",
    commit: null,
    added,
    already,
    renewed: [],
    attempts: 1,
  };
}

/** null: the folder is empty, and may become one of ours. @throws UserError for any other folder, and a damaged one */
async function readMarkerIn({ root, place }: OpenFolder): Promise<DatabaseMarker | null> {
  const names = await readdir(root).catch((cause) => {
    throw new UserError(`${place} cannot be read: ${messageOf(cause)}`, { cause });
  });
  if (!names.includes(MARKER_FILE)) {
    if (names.every((name) => name.startsWith(".") && name !== ".git")) return null;
    throw new UserError(
      `${place} holds other files and no ${MARKER_FILE}: it is no data folder, or it is damaged. Nothing was ` +
        "published; name an empty folder, or bring the file back",
    );
  }
  try {
    return parseMarker(await readText(join(root, MARKER_FILE), MARKER_FILE), MARKER_FILE);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(`${place} is damaged; nothing was published. ${cause.message}`, { cause });
  }
}

async function markerFor(folder: OpenFolder, missing: readonly Document[], before: DatabaseMarker | null) {
  const { target, place, tools } = folder;
  const runs = runsOf(missing);
  if (before !== null && runs.length === 0) return before;
  return markerAfter(before, runs, { ...target, place, env: tools.env });
}

/** @throws UserError when something else is in the document's place */
async function isThere(root: string, document: Document): Promise<boolean> {
  const path = join(root, document.path);
  const isFree = await stat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
  const isRun = document.kind === "run";
  const there = isFree ? isRun && (await packedTextIn(root, document.id)) : await readText(path, document.path);
  if (there === false || there === undefined) return false;
  if (there !== document.text) checkSame(document, there, isFree ? packPath(monthOf(document.id)) : document.path);
  return true;
}

/** @throws UserError when a run that a record is about is not in the folder */
async function checkNamedRuns({ root, place }: OpenFolder, documents: Document[], marker: DatabaseMarker | null) {
  const ids = namedRuns(documents);
  if (ids.length === 0) return;
  if (marker === null) throw new UserError(`${place} is empty, so there is no run in it`);
  const { runs } = await readFolder(root);
  const known = new Set(runs.map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw new UserError(`${unknown.join(", ")}: no such run in ${place}. pitwall history --format csv shows the ids`);
}
