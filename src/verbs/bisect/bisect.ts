import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { writeFileAtomically } from "../../files.ts";
import { bisectMarkdown, bisectText } from "../../report/bisect/bisect-summary.ts";
import type { Bisect } from "../../result/document/bisect.ts";
import { lockClocks } from "../../telemetry/quiet/lock-clocks.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { summaryFile } from "../../working-folder/names.ts";
import { run } from "../run/run.ts";
import { stopRecorded } from "../start-engine/stop.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { BisectInputs } from "./inputs.ts";
import { questionOf } from "./question.ts";
import { openRecords, type Records } from "./records.ts";
import { Searching } from "./searching.ts";
import { openState, writeState } from "./state.ts";

export const bisect = defineVerb({
  name: "bisect",
  description: "Finds the commit, or the version, that changed a number: measured side by side on this machine.",
  inputs: BisectInputs,
  presets: run.presets!,
  outputs: {
    result: "culprit, range, not_reproduced or budget_spent.",
    culprit: "The commit or version that changed the number; of a range the last.",
    confidence: "How likely that is, from 0 to 1.",
    ratio: "The number with the change ÷ that without.",
    runnerUp: "The likeliest of all others.",
    blocks: "Blocks that were measured, with those of earlier calls.",
    published: "true when the search is on the data branch.",
  },
  refuse: run.refuse!,
  async run(inputs, tools) {
    const question = await questionOf(inputs, tools);
    const records = await openRecords(inputs, tools);
    await using _hold = await holdFolder(inputs.output);
    await stopRecorded(inputs.output, tools);
    const begun = await openState(inputs.output, question.begun, inputs);
    if (inputs.clean) await rm(join(inputs.output, "blocks"), { recursive: true, force: true });
    await using clocks = inputs.lockClocks ? await lockClocks(tools) : undefined;
    if (clocks?.problem !== undefined) tools.report.warning(`--lock-clocks: ${clocks.problem}`);
    const searching = new Searching(begun, { question, inputs, records }, tools);
    try {
      const ended = await searching.run();
      await writeState(inputs.output, ended);
      return await outcomeOf(ended, inputs, records);
    } catch (error) {
      if (error instanceof UserError || tools.signal.aborted) {
        tools.report.info(`what was measured is kept in ${inputs.output}: the same command goes on from there`);
        await records.add(searching.state);
      }
      throw error;
    }
  },
});

async function outcomeOf(ended: Bisect, { output }: BisectInputs, records: Records): Promise<Outcome> {
  const summary = bisectMarkdown(ended);
  await writeFileAtomically(summaryFile(output), summary.source);
  const isPublished = await records.add(ended);
  const { builds, blocks } = ended;
  const { end, changes, runnerUp } = ended.result!;
  const [largest] = changes;
  const nameOf = (place: number | undefined) => (place === undefined ? null : builds[place]!.name);
  return {
    ok: (end === "culprit" || end === "range") && isPublished !== "failed",
    outputs: {
      result: end,
      culprit: nameOf(largest?.to),
      confidence: largest?.probability ?? null,
      ratio: largest?.ratio ?? null,
      runnerUp: nameOf(runnerUp?.to),
      blocks: blocks.length,
      published: isPublished === "added",
    },
    json: { bisect: ended },
    summary,
    text: bisectText(ended),
  };
}
