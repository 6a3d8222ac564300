import { join } from "node:path";
import type { Evaluated } from "../../evaluate/results/graded.ts";
import { evaluationRun } from "../../evaluate/results/run-document.ts";
import type { Summary } from "../../evaluate/results/summary.ts";
import { writeJson } from "../../files.ts";
import { VERSION } from "../../package-root.ts";
import type { Tools } from "../../tools.ts";
import { runFile } from "../../working-folder/names.ts";
import { hostOfRun } from "../post-process/run-host.ts";
import { triggerFacts } from "../trigger/trigger.ts";

interface Written {
  output: string;
  evaluated: Evaluated;
  summary: Summary;
  hostLabel: string | undefined;
}

/**
 * Writes what `publish` takes: a run document for each candidate, into its folder, and that of the first into the output folder
 * too. @returns their paths, one for each candidate
 */
export async function writeRunDocuments(
  { output, evaluated, summary, hostLabel }: Written,
  tools: Tools,
): Promise<string[]> {
  const { trigger } = await triggerFacts({}, tools.env);
  const host = await hostOfRun({ kind: "docker", baseUrl: null }, { hostLabel }, tools);
  const written: string[] = [];
  for (const candidate of summary.candidates) {
    const run = evaluationRun({ evaluated, candidate, trigger, host, version: VERSION });
    if (run === undefined) continue;
    const path = runFile(join(output, candidate.candidate));
    await writeJson(path, run);
    if (written.length === 0) await writeJson(runFile(output), run);
    written.push(path);
  }
  return written;
}
