import { z } from "zod";
import { ARM_KINDS } from "../../arms/commits/arm-result.ts";
import { UserError } from "../../errors.ts";
import { parseRepository } from "../../images/registry/place.ts";
import { CompareInputs } from "../compare/inputs.ts";
import { fileList, flag, list, parsed, parsedList, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { integer, seconds, share } from "../schema/number-fields.ts";
import { servingInputs } from "../serve-benchmark/inputs.ts";
import { engineInputs } from "../start-engine/inputs.ts";
import { STANDARD } from "./parameters.ts";

const { maxBlocks, maxGpuMinutes, quietWait, lockClocks } = CompareInputs.shape;
const { gpus, shmSize, dockerArgs } = engineInputs;

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

/** As it was given, once it is known to be one. */
function repository(given: string): string {
  parseRepository(given);
  return given;
}

export const ComparePatchesInputs = z.strictObject({
  ...inGroup("What to do", {
    dryRun: flag("Only say what would run: images, which of them there are, patches and parameters.").default(false),
    listImages: flag("Only list which images of the mapping's commits and their parents the repository has.").default(
      false,
    ),
    anotherLoad: flag(
      "Measure agents beside the human once more, with other prompts, another seed and other lengths: what holds for one load alone counts for nothing.",
    ).default(false),
    checkAnswers: flag(
      "Ask every build the same 32 questions greedily, the baseline twice: a patch whose answers differ by more than the baseline's own is no win.",
    ).default(false),
    checkAccuracy: flag(
      "Ask every build the samples of check-accuracy's task smoke: accuracy_lost is said of a patch that answers more of them wrong than the baseline, beyond chance.",
    ).default(false),
    retryFailed: flag(
      "Only those commits of which an earlier call in this folder has an arm without numbers (default: all whose results are not there).",
    ).default(false),
  }),
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
    patches: parsedList(
      parseFolder,
      "Agents' patches: folders of runs (run_summary.json, model_patch.diff), or of files like 015069b0.patch.",
      "[NAME=]DIR",
    ).optional(),
    type: list(z.enum(ARM_KINDS))
      .meta({ description: "Only these arms (default: all).", placeholder: ARM_KINDS.join("|") })
      .default([...ARM_KINDS]),
    // A pitwall.yml may still have “repository” for the database, its former name.
    imageRepository: parsed(
      repository,
      "Where the images are: a commit's tag is its 40 digits, its parent's baseline- and 12 of them.",
      "REPOSITORY",
    )
      .meta({ flag: "repository" })
      .default("anonymous/vllm-baseline"),
    results: parsedList(
      parseFolder,
      "Report on these results and measure nothing. NAME=DIR: patches of that agent; the same name again is another attempt of it.",
      "[NAME=]DIR",
    ).optional(),
    margin: share(
      "Difference up to which the published rule calls two arms a tie, and by which a human must beat the baseline; 0.02 or 2%.",
    ).default(0.02),
  }),
  ...inGroup("Arms", { maxBlocks, maxGpuMinutes }),
  ...inGroup("Machine and commit", { quietWait, lockClocks }),
  ...inGroup("Docker", { gpus, shmSize, dockerArgs }),
  ...inGroup("Engine", {
    model: text("Model for all commits, in place of each one's own, which is recorded.", "NAME").optional(),
    engineArgs: engineInputs.engineArgs,
    maxModelLen: integer("Context of the engine, for all arms alike; prompts shrink to fit.").optional(),
  }),
  ...inGroup("Repetition", { seed: servingInputs.seed }),
  ...inGroup("Time limits", {
    startTimeout: engineInputs.startTimeout,
    benchmarkTimeout: seconds("Seconds until a measurement as a whole ends as client_timeout.").default(
      STANDARD.timeoutSeconds,
    ),
  }),
  ...inGroup("Output", {
    output: text(
      "Folder for results of each arm, what they were measured as, report.md, report.json and report.csv.",
      "DIR",
    ).default(".pitwall/patches"),
  }),
});
export type ComparePatchesInputs = z.output<typeof ComparePatchesInputs>;
