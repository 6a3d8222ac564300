import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { parseJson } from "../files.ts";
import { readPlain } from "../plain-file.ts";
import { RUN_ID } from "../result/document/run.ts";

const Named = z.looseObject({ id: z.string().regex(RUN_ID) });

/** Documents that a job could not publish stay as an artifact, each with its summary; the first one names it. */
export async function keepUnpublished(unpublished: unknown): Promise<void> {
  if (!Array.isArray(unpublished) || unpublished.length === 0) return;
  const documents = unpublished.map((file) => resolve(file));
  const [first] = documents as [string];
  const summaries = documents.map((file) => join(dirname(file), "summary.md")).filter(existsSync);
  // The package is large: it is loaded only here, where it is needed.
  const { uploadArtifact } = await import("./artifact.ts");
  await uploadArtifact({
    name: `pitwall-${await idIn(first)}`,
    folder: folderOfAll(documents),
    files: [...new Set([...documents, ...summaries])],
  });
}

/** One that is damaged is kept, too, under a name that tells no run. */
async function idIn(document: string): Promise<string> {
  try {
    return parseJson(await readPlain(document), Named, document).id;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return "unpublished";
  }
}

function folderOfAll(files: readonly string[]): string {
  let folder = dirname(files[0]!);
  while (!files.every((file) => file.startsWith(join(folder, "/")))) folder = dirname(folder);
  return folder;
}
