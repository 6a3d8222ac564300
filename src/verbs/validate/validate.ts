import { existsSync, statSync } from "node:fs";
import { z } from "zod";
import { readContent } from "../../database/read/read.ts";
import { messageOf, UserError } from "../../errors.ts";
import { readPlain } from "../../plain-file.ts";
import { counted } from "../../result/counted.ts";
import { type Problem, problemText } from "../../yaml/problem.ts";
import { CONFIG_FILE } from "../schema/config-file.ts";
import { fileList } from "../schema/fields.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { checkConfig } from "./config.ts";
import { checkDocument } from "./document.ts";

interface Registry {
  configKeys: readonly string[];
  VERBS: readonly Verb[];
}

/** @param registry of all verbs, asked for late: it holds this one too */
export const validateBy = (registry: () => Registry) =>
  defineVerb({
    name: "validate",
    description: "Says what is wrong with a pitwall.yml, a run document, a cell, a record or a data-branch folder.",
    inputs: z.strictObject({
      files: fileList("Files or data-branch folders to check (default: pitwall.yml).").default([CONFIG_FILE]),
    }),
    positional: "files",
    outputs: {
      valid: "true when nothing is wrong.",
      problems: "What is wrong, one entry a mistake: FILE:LINE: what to mend.",
    },
    async run({ files }, { report }) {
      const problems: string[] = [];
      for (const file of files) {
        const found = await check(file, registry);
        if (typeof found === "string") report.info(`✓ ${file}: ${found}`);
        else problems.push(...found.map((problem) => problemText(file, problem)));
      }
      for (const problem of problems) report.error(problem);
      return { ok: problems.length === 0, outputs: { valid: problems.length === 0, problems } };
    },
  });

/** @returns what the file is, in a few words, or every mistake of it */
async function check(file: string, registry: () => Registry): Promise<string | Problem[]> {
  if (!existsSync(file)) return [{ text: "does not exist" }];
  try {
    if (statSync(file).isDirectory()) return await checkFolder(file);
    const text = await readPlain(file, { name: "it" });
    if (!/\.ya?ml$/.test(file)) return checkDocument(text);
    const { configKeys, VERBS } = registry();
    return checkConfig(text, VERBS, configKeys);
  } catch (error) {
    if (!(error instanceof UserError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    return [{ text: messageOf(error) }];
  }
}

async function checkFolder(folder: string): Promise<string | Problem[]> {
  const { runs, problems } = await readContent(folder);
  if (problems.length > 0) return problems.map(({ message }) => ({ text: message }));
  return `a data branch with ${counted(runs.length, "run")}`;
}
