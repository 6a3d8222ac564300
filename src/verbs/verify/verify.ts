import { z } from "zod";
import { NOTHING } from "../../database/read/base.ts";
import { verifyDatabase } from "../../database/read/verify.ts";
import { counted } from "../../result/counted.ts";
import { historyHome, homeInputs } from "../history/home.ts";
import { text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { defineVerb } from "../verb.ts";

export const verify = defineVerb({
  name: "verify",
  description:
    "Checks every file of a data branch, and that it only added to a base; as a required check it keeps damage out.",
  inputs: z.strictObject(
    inGroup("History", {
      ...homeInputs,
      base: text(
        "Commit or branch of the same repository; that a run or a record of it was changed or removed is a problem " +
          "(a full id, and in a local repository any revision, as in pitwall-data~1).",
        "REV|BRANCH",
      ).optional(),
    }),
  ),
  outputs: {
    valid: "true when nothing is wrong.",
    runs: "Good run documents, without retracted ones.",
    packed: "Good run documents that lie in packs.",
    problems: "What is wrong, one entry a problem; each names its file.",
  },
  async run({ base: given, ...inputs }, { report, env, signal }) {
    // pitwall.yml has one key for both, and no name of a branch or commit begins with a slash.
    const isPathOfSite = given?.startsWith("/") === true;
    if (isPathOfSite) report.warning(`base ${given} is the path of a site, so nothing was compared`);
    const base = isPathOfSite ? undefined : given;
    const { source, token } = await historyHome(inputs, env);
    const { place, runs, retracted, packed, problems } = await verifyDatabase(source, { env, token, signal }, base);
    const messages = problems.map(({ message }) => message);
    for (const message of messages) report.error(message);
    const left = retracted === 0 ? "" : ` (and ${retracted} retracted)`;
    const added =
      base === undefined ? "" : NOTHING.test(base) ? ", and there is no base yet" : `, everything of ${base} is there`;
    const sentence =
      problems.length === 0
        ? `${place}: ${counted(runs, "run")}${left}, nothing wrong${added}`
        : `${place}: ${counted(runs, "good run")}${left}, ${counted(problems.length, "problem")}`;
    return {
      ok: problems.length === 0,
      outputs: { valid: problems.length === 0, runs, packed, problems: messages },
      text: sentence,
    };
  },
});
