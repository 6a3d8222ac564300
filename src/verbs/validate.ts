import { existsSync, readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { readDatabase } from "../database/read.ts";
import { Accepted } from "../database/records/accepted.ts";
import { Renaming } from "../database/records/renaming.ts";
import { Retraction } from "../database/records/retraction.ts";
import { UsageError, UserError } from "../errors.ts";
import { parseJson } from "../files.ts";
import { Cell } from "../result/cell.ts";
import { counted } from "../result/counted.ts";
import { EngineRecord } from "../result/engine-record.ts";
import { inconsistencies } from "../result/inconsistencies.ts";
import { Run } from "../result/run.ts";
import { fieldMeta } from "./field-meta.ts";
import { fileList } from "./fields.ts";
import { CONFIG_FILE, kebabCase, parseConfig } from "./resolve-inputs.ts";
import { defineVerb, type Verb } from "./verb.ts";

const SCHEMAS: Record<string, z.ZodType> = {
  "pitwall.run/1": Run,
  "pitwall.cell/1": Cell,
  "pitwall.engine/1": EngineRecord,
  "pitwall.accepted/1": Accepted,
  "pitwall.renaming/1": Renaming,
  "pitwall.retraction/1": Retraction,
};
const Marked = z.looseObject({ schema: z.string({ error: "has no “schema” that names its kind" }) });

export const validate = defineVerb({
  name: "validate",
  description: "Says what is wrong with a pitwall.yml, a run document, a cell or a data-branch folder.",
  inputs: z.strictObject({
    files: fileList("Files or data-branch folders to check (default: pitwall.yml).").default([CONFIG_FILE]),
  }),
  positional: "files",
  outputs: { valid: "true when nothing is wrong.", problems: "What is wrong, one entry a file." },
  async run({ files }, { report }) {
    const problems: string[] = [];
    for (const file of files) {
      try {
        report.info(`✓ ${file}: ${await check(file)}`);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        problems.push(error.message);
        report.error(error.message.startsWith(file) ? error.message : `${file}: ${error.message}`);
      }
    }
    return { ok: problems.length === 0, outputs: { valid: problems.length === 0, problems } };
  },
});

/** @returns what the file is, in a few words */
async function check(file: string): Promise<string> {
  if (!existsSync(file)) throw new UsageError(`${file} does not exist`);
  if (statSync(file).isDirectory()) {
    const { runs } = await readDatabase(file);
    return `a data branch with ${counted(runs.length, "run")}`;
  }
  const text = readFileSync(file, "utf8");
  if (/\.ya?ml$/.test(file)) return checkConfig(text, file);
  const { schema } = parseJson(text, Marked, file);
  const known = SCHEMAS[schema];
  if (known === undefined) {
    throw new UserError(
      `${file} has the schema “${schema}”, which this version does not know (${Object.keys(SCHEMAS).join(", ")})`,
    );
  }
  const document = parseJson(text, known, file);
  const [problem] = known === Run ? inconsistencies(document as Run) : [];
  if (problem !== undefined) throw new UserError(`${file} ${problem}`);
  return `a good ${schema}`;
}

/** Keys and values: each value must be good for every verb that takes it. */
async function checkConfig(text: string, file: string): Promise<string> {
  // The registry holds this verb too: a static import would be a circle.
  const { configKeys, VERBS } = await import("./registry.ts");
  const values = parseConfig(text, file, configKeys);
  const problems = new Set(Object.entries(values).flatMap(([key, value]) => valueProblems(VERBS, key, value)));
  if (problems.size > 0) throw new UserError(`${file}:\n${[...problems].join("\n")}`);
  return `${Object.keys(values).length} inputs, all good`;
}

function valueProblems(verbs: readonly Verb[], key: string, value: unknown): string[] {
  return verbs.flatMap(({ inputs }) =>
    Object.entries(inputs.shape)
      .filter(([name, schema]) => [name, fieldMeta(schema as z.ZodType).alias ?? name].map(kebabCase).includes(key))
      .map(([, schema]) => (schema as z.ZodType).safeParse(value))
      .filter((result) => !result.success)
      .map((result) => `${key}: ${result.error!.issues[0]!.message} (got ${JSON.stringify(value)})`),
  );
}
