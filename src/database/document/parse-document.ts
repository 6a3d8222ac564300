import type { z } from "zod";
import { checked } from "../../checked.ts";
import { messageOf, UserError } from "../../errors.ts";
import { mistakeLines, mistakeText } from "../../mistakes.ts";
import { overfull } from "../../result/checks/overfull.ts";
import { type Migration, migrated } from "./migrate.ts";

/** How documents of one kind are written, and how older ones become new ones. */
export interface Format<T> {
  schema: z.ZodType<T>;
  /** Name of the schema without its version, as in `pitwall.run`. */
  family: string;
  version: number;
  /** From older versions. */
  migrations?: readonly Migration[];
}

/** `pitwall.run/1`, as it stands in a document. */
export const schemaName = ({ family, version }: Pick<Format<unknown>, "family" | "version">) => `${family}/${version}`;

/**
 * @param file shown in the errors
 * @throws UserError naming the file and what is wrong with it
 */
export function parseDocument<T>(text: string, file: string, format: Format<T>): T {
  const { schema, family, version, migrations = [] } = format;
  const value = migrated(parseText(text, file), { family, version, migrations });
  const name = (value as { schema?: unknown } | null)?.schema;
  const found = typeof name === "string" ? /^(.*)\/(\d+)$/.exec(name) : null;
  if (found?.[1] === family && Number(found[2]) > version) {
    throw new UserError(
      `${file} was written by a newer pitwall: it needs a version that reads ${name}, this one reads up to ` +
        `${schemaName(format)}. Update pitwall`,
    );
  }
  if (name !== schemaName(format)) {
    const has = name === undefined ? "none" : JSON.stringify(name);
    throw new UserError(`${file} should have the schema “${schemaName(format)}”, but has ${has}`);
  }
  const most = overfull(value);
  if (most !== undefined) throw new UserError(`${file}: ${mistakeText(most)}`);
  const parsed = checked(schema, value);
  if (parsed.success) return parsed.data;
  throw new UserError(`${file} does not have the form of ${name}:\n${mistakeLines(parsed.error)}`);
}

function parseText(text: string, file: string): unknown {
  if (text.trim() === "") throw new UserError(`${file} is empty`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = /^(<{7}|={7}|>{7})/m.test(text)
      ? "holds the conflict markers of a merge"
      : `is not valid JSON: ${messageOf(cause)}`;
    throw new UserError(`${file} ${problem}`, { cause });
  }
}
