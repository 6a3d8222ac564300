import { z } from "zod";
import { verifyDatabase } from "../database/verify.ts";
import { siteInputs } from "./build-site.ts";
import { githubToken } from "./publish.ts";
import { defineVerb } from "./verb.ts";

export const verify = defineVerb({
  name: "verify",
  description: "Checks every file of a data branch; as a required check it keeps damage out.",
  inputs: z.strictObject({ database: siteInputs.database, token: siteInputs.token }),
  outputs: {
    valid: "true when nothing is wrong.",
    runs: "Good run documents, without retracted ones.",
    problems: "What is wrong, one entry a problem; each names its file.",
  },
  async run({ database, token }, { report, env }) {
    const access = { env, token: token ?? githubToken(database, env) };
    const { place, runs, retracted, problems } = await verifyDatabase(database, access);
    const messages = problems.map(({ message }) => message);
    for (const message of messages) report.error(message);
    const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
    const left = retracted === 0 ? "" : ` (and ${retracted} retracted)`;
    const text =
      problems.length === 0
        ? `${place}: ${counted(runs, "run")}${left}, nothing wrong`
        : `${place}: ${counted(runs, "good run")}${left}, ${counted(problems.length, "problem")}`;
    return {
      ok: problems.length === 0,
      outputs: { valid: problems.length === 0, runs, problems: messages },
      text,
      annotations: messages,
    };
  },
});
