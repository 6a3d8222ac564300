import { checked } from "../../checked.ts";
import { UserError } from "../../errors.ts";
import type { DatasetText } from "../../json-lines.ts";
import { mistakeLines } from "../../mistakes.ts";
import { LARGEST_DATA_MIB, readPlain } from "../../plain-file.ts";
import type { Instance } from "../instance.ts";
import { schemaFor } from "./entry.ts";
import { type Entry, entriesIn } from "./read-entries.ts";

/**
 * The instances of a file, in infra-gym's or SWE-bench's shape.
 * @throws UserError naming the file, the entry, its instance and the field at fault
 */
export const readDataset = async (path: string): Promise<Instance[]> =>
  instancesIn({ text: await readPlain(path, { largestMib: LARGEST_DATA_MIB }), path });

/** The same of a file that was read. */
export function instancesIn(file: DatasetText): Instance[] {
  const instances = entriesIn(file).map((entry) => instanceOf(entry, file.path));
  const first = new Map<string, number>();
  for (const [index, { id }] of instances.entries()) {
    const earlier = first.get(id);
    if (earlier !== undefined)
      throw new UserError(`${file.path} has ${id} twice: entries ${earlier} and ${index + 1}. Remove one of them`);
    first.set(id, index + 1);
  }
  return instances;
}

function instanceOf({ value, number }: Entry, path: string): Instance {
  const parsed = checked(schemaFor(value), value);
  if (parsed.success) return parsed.data;
  throw new UserError(`${path}, entry ${number}${nameOf(value)}:\n${mistakeLines(parsed.error)}`);
}

/** However wrong the rest of it is. */
function nameOf(value: object): string {
  const { instance_id: id } = value as { instance_id?: unknown };
  return typeof id === "string" ? ` (${id.slice(0, 200)})` : "";
}
