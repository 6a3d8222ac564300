import { resolve } from "node:path";
import { UsageError } from "../../errors.ts";
import type { Tools } from "../../tools.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { dryRunJson, dryRunText } from "./dry-run.ts";
import { ComparePatchesInputs } from "./inputs.ts";
import { listImages } from "./list-images.ts";
import { measuredText, measureTasks } from "./live/measure.ts";
import type { PlannedTask } from "./plan.ts";
import { planFor, readPairs } from "./prepare.ts";
import { reportOn } from "./report.ts";

export const comparePatches = defineVerb({
  name: "compare-patches",
  description: "Compares agents' patches with the commits of humans, and both with the commits before.",
  inputs: ComparePatchesInputs,
  outputs: {
    commits: "Commits in the report.",
    complete:
      "Those of which baseline, human and an agent have numbers; with list-images those of which there are both images.",
    wins: "Patches that beat the human's commit by the published rule; with several agents those of each, as NAME=COUNT.",
    report: "The report as JSON.",
  },
  async run(inputs, tools) {
    const { results, listImages: onlyImages } = inputs;
    refuseTogether(inputs);
    if (results !== undefined) return await reportOn(results, inputs, tools);
    const pairs = await readPairs(inputs);
    if (onlyImages) return await listImages(pairs, inputs.imageRepository, tools);
    const tasks = await planFor(pairs, inputs, tools);
    if (inputs.dryRun) {
      const outputs = { commits: tasks.length, complete: 0, wins: 0, report: null };
      return { ok: true, outputs, json: dryRunJson(tasks), text: dryRunText(tasks) };
    }
    return await measured(tasks, inputs, tools);
  },
});

/** Measures, and reports on all results that are in the folder then. */
async function measured(tasks: readonly PlannedTask[], inputs: ComparePatchesInputs, tools: Tools): Promise<Outcome> {
  const came = await measureTasks(tasks, inputs, tools);
  const outcome = await reportOn([{ agent: undefined, folder: resolve(inputs.output) }], inputs, tools);
  return {
    ...outcome,
    ok: came.measured + came.kept > 0 || inputs.retryFailed,
    text: `${outcome.text}\n${measuredText(came)}`,
  };
}

/** @throws UsageError for things to do of which only one can be done */
function refuseTogether({ results, patches, dryRun, listImages: onlyImages, type }: ComparePatchesInputs): void {
  const asked = { results: results?.length, patches: patches?.length, "dry-run": dryRun, "list-images": onlyImages };
  const given = Object.entries(asked).flatMap(([name, value]) => (value ? [`--${name}`] : []));
  if (results !== undefined && given.length > 1)
    throw new UsageError(`--results is about what is there, and runs nothing: leave out ${given.slice(1).join(", ")}`);
  if (results === undefined && !onlyImages && patches === undefined && type.every((kind) => kind === "agent"))
    throw new UsageError("--type agent needs --patches DIR, with the patches to measure");
  if (dryRun && onlyImages) throw new UsageError("give either --dry-run or --list-images");
}
