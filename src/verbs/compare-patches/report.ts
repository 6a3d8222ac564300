import { join, resolve } from "node:path";
import { readNotes } from "../../arms/commits/read/analysis.ts";
import { readResults } from "../../arms/commits/read/results-folder.ts";
import { reportJson } from "../../arms/commits/report/json.ts";
import { type PatchReport, patchReport } from "../../arms/commits/report/patch-report.ts";
import { reportCsv, reportMarkdown, reportText } from "../../arms/commits/report/texts.ts";
import { type Source, strangersIn, tasksOf } from "../../arms/commits/tasks.ts";
import { writeFileAtomically, writeJson } from "../../files.ts";
import { pairsNamed, readCommitMapping } from "../../images/specs/commit-mapping.ts";
import { counted } from "../../result/counted.ts";
import type { Tools } from "../../tools.ts";
import type { Outcome } from "../verb.ts";
import type { ComparePatchesInputs, NamedFolder } from "./inputs.ts";

/** Reports on folders of results, of this verb or of ISO-Bench's own scripts; nothing is run. */
export async function reportOn(
  folders: readonly NamedFolder[],
  inputs: ComparePatchesInputs,
  tools: Tools,
): Promise<Outcome> {
  const pairs = inputs.mapping === undefined ? undefined : await readCommitMapping(inputs.mapping);
  const notes = await readNotes(inputs.analysis ?? []);
  const sources: Source[] = await Promise.all(
    folders.map(async ({ agent, folder }) => ({ agent, results: await readResults(folder) })),
  );
  const known = { pairs, notes, sources };
  const strangers = strangersIn(known);
  if (strangers.length > 0)
    tools.report.warning(
      `${counted(strangers.length, "result")} of commits that the mapping does not have are left out, like ${strangers[0]!.file}`,
    );
  const all = tasksOf(known);
  const chosen = pairsNamed(
    all.map(({ commit, pair }) => ({ commit, parent: pair?.parent })),
    inputs.commits,
  );
  const tasks = all.filter(({ commit }) => chosen.some((one) => one.commit === commit));
  return await outcomeOf(patchReport(tasks, inputs.margin), inputs.output);
}

/** Writes a report in its three forms. */
async function outcomeOf(report: PatchReport, output: string): Promise<Outcome> {
  const folder = resolve(output);
  const summary = reportMarkdown(report);
  await writeFileAtomically(join(folder, "report.md"), summary.source);
  await writeJson(join(folder, "report.json"), reportJson(report));
  await writeFileAtomically(join(folder, "report.csv"), reportCsv(report));
  return {
    ok: true,
    outputs: {
      commits: report.tasks.length,
      complete: report.categories.complete.length,
      wins: winsOf(report),
      report: join(folder, "report.json"),
    },
    json: reportJson(report),
    summary,
    text: `${reportText(report)}\n\nwritten to ${folder}: report.md, report.json, report.csv`,
  };
}

/** With one agent its number; with several each as NAME=COUNT. */
function winsOf({ tallies }: PatchReport): number | string[] {
  const [only] = tallies;
  if (tallies.length === 1) return only!.published.agent_wins;
  return tallies.map(({ agent, published }) => `${agent}=${published.agent_wins}`);
}
