import { existsSync } from "node:fs";
import { basename } from "node:path";
import { readLoads } from "../../formats/load-table.ts";
import { readPlain } from "../../plain-file.ts";
import { type Group, performanceGroup } from "../../prometheus/group.ts";
import { runGroups } from "../../prometheus/run-groups.ts";
import { labelsOf } from "../../prometheus/user-label.ts";
import { shownRun } from "../../result/checks/shown-run.ts";
import { runFile } from "../../working-folder/names.ts";
import { readRun } from "../publish/read-run.ts";
import type { PushMetricsInputs } from "./inputs.ts";
import { reportsBeside } from "./reports.ts";

export interface Numbers {
  groups: Group[];
  /** Files whose numbers no engine gave. */
  simulated: string[];
}

/** All that there is to push. @throws UserError naming the file that cannot be read */
export async function readNumbers(inputs: PushMetricsInputs): Promise<Numbers> {
  const { csv, run: named, output, prefix, perCase, scenario, label } = inputs;
  const labels = labelsOf([...(scenario === undefined ? [] : [["scenario", scenario] as const]), ...label]);
  if (csv !== undefined) {
    const loads = readLoads({ name: basename(csv), text: await readPlain(csv) });
    return { groups: [performanceGroup(loads, labels)], simulated: [] };
  }
  // Stale groups can be deleted where nothing was measured.
  if (named === undefined && inputs.deleteStale !== undefined && !existsSync(runFile(output))) {
    return { groups: [], simulated: [] };
  }
  const files = named ?? [runFile(output)];
  const runs = await Promise.all(files.map(async (file) => ({ file, run: shownRun(await readRun(file)) })));
  // Reports of several runs would be one another's.
  const [only, ...others] = runs;
  const reports = others.length === 0 ? await reportsBeside(only!.file, only!.run) : {};
  const groups = runGroups(
    runs.map(({ run }) => run),
    { prefix, labels, perCase, reports },
  );
  return { groups, simulated: runs.filter(({ run }) => run.simulated).map(({ file }) => file) };
}
