import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { readBytes, readText } from "../document/text-file.ts";
import { blobId } from "../git-home/plumbing/commit.ts";
import { LARGEST_PACK_MIB, unpackLine, unpackLines } from "./pack.ts";
import { monthOf, packIndexPath, packPath, parsePackIndex } from "./packed-index.ts";

/**
 * The text of a run document that lies in a pack of a folder; undefined when none has it.
 * @throws UserError for a damaged pack
 */
export async function packedTextIn(folder: string, id: string): Promise<string | undefined> {
  const [pack, index] = [packPath(monthOf(id)), packIndexPath(monthOf(id))];
  const [hasPack, hasIndex] = [pack, index].map((path) => existsSync(join(folder, path)));
  if (!hasPack && !hasIndex) return undefined;
  if (!hasPack) throw new UserError(`the folder is damaged: it has ${index}, but no ${pack}`);
  if (!hasIndex) throw new UserError(`the folder is damaged: it has ${pack}, but no ${index}`);
  const listed = parsePackIndex(await readText(join(folder, index), index), index).find((one) => one.id === id);
  if (listed === undefined) return undefined;
  const { lines } = await unpackLines(await readBytes(join(folder, pack), pack, LARGEST_PACK_MIB));
  const text = lines.map((line) => unpackLine(String(line))).find((one) => blobId(one) === listed.blob);
  if (text === undefined)
    throw new UserError(`the folder is damaged: ${pack} lacks the run ${id}, which its index has`);
  return text;
}
