import { z } from "zod";
import { UserError } from "../../errors.ts";
import { fileList, list, parsedList, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { share } from "../schema/number-fields.ts";

/** A folder of results, and whose patches they are of where it is one agent's own. */
export interface NamedFolder {
  agent: string | undefined;
  folder: string;
}

/** @throws UserError for a name without a folder, or that no table could show */
function parseFolder(given: string): NamedFolder {
  const at = given.indexOf("=");
  // A path may have an equals sign; a name has no slash.
  if (at === -1 || given.slice(0, at).includes("/")) return { agent: undefined, folder: given };
  const [agent, folder] = [given.slice(0, at).trim(), given.slice(at + 1).trim()];
  if (agent === "" || folder === "") throw new UserError("must be DIR, or NAME=DIR for the results of one agent");
  if (agent.length > 100) throw new UserError("has a name of more than 100 characters");
  return { agent, folder };
}

export const ComparePatchesInputs = z.strictObject({
  ...inGroup("Commits and patches", {
    mapping: text(
      "Commits to compare, in one of ISO-Bench's three shapes: matched commits, baselines or modes.",
      "FILE",
    ).optional(),
    commits: list(z.string().min(1))
      .meta({ description: "Only these, by their first digits; all.", placeholder: "SHA,…|all", repeatable: true })
      .default(["all"]),
    analysis: fileList(
      "What else is known of commits: ISO-Bench's comprehensive and detailed analyses, and commit_fixes.json with those to skip.",
    ).optional(),
    results: parsedList(
      parseFolder,
      "Report on these results and measure nothing. NAME=DIR: patches of that agent; the same name again is another attempt of it.",
      "[NAME=]DIR",
    ).optional(),
    margin: share(
      "Difference up to which the published rule calls two arms a tie, and by which a human must beat the baseline; 0.02 or 2%.",
    ).default(0.02),
  }),
  ...inGroup("Output", {
    output: text("Folder for report.md, report.json and report.csv.", "DIR").default(".pitwall/patches"),
  }),
});
export type ComparePatchesInputs = z.output<typeof ComparePatchesInputs>;
