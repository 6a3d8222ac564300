import { existsSync } from "node:fs";
import { parseRun } from "../../database/document/document.ts";
import { readText } from "../../database/document/text-file.ts";
import { UserError } from "../../errors.ts";
import type { Run } from "../../result/document/run.ts";

/** A run document that a person named, or that post-process wrote. @throws UserError naming the file */
export async function readRun(file: string): Promise<Run> {
  if (!existsSync(file)) {
    throw new UserError(`there is no run document ${file}: run post-process first, or name one with --run FILE`);
  }
  return parseRun(await readText(file, file), file);
}
