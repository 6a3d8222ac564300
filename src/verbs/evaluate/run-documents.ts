import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Asked } from "../../evaluate/results/asked.ts";
import type { Evaluated } from "../../evaluate/results/graded.ts";
import { evaluationRun } from "../../evaluate/results/run-document.ts";
import type { Summary } from "../../evaluate/results/summary.ts";
import { writeJson } from "../../files.ts";
import { VERSION } from "../../package-root.ts";
import type { Tools } from "../../tools.ts";
import { runFile } from "../../working-folder/names.ts";
import { hostOfRun } from "../post-process/run-host.ts";
import { triggerFacts } from "../trigger/trigger.ts";

/** What a run document says of who asked, and where. */
export async function runFacts(hostLabel: string | undefined, tools: Tools): Promise<Pick<Asked, "trigger" | "host">> {
  const { trigger } = await triggerFacts({}, tools.env);
  const host = await hostOfRun({ kind: "docker", baseUrl: null }, { hostLabel }, tools);
  return { trigger, host };
}

/** Whoever publishes after an evaluation that did not come to its end must not find what an earlier one came to. */
export async function removeRunDocuments(output: string, { candidates }: Asked): Promise<void> {
  const folders = [output, ...candidates.map(({ name }) => join(output, name))];
  for (const folder of folders) await rm(runFile(folder), { force: true });
}

/**
 * Writes what `publish` takes: a run document for each candidate, into its folder, and that of the first into the output folder
 * too. @returns their paths, one for each candidate
 */
export async function writeRunDocuments(output: string, evaluated: Evaluated, summary: Summary): Promise<string[]> {
  const written: string[] = [];
  for (const candidate of summary.candidates) {
    const run = evaluationRun({ evaluated, candidate, version: VERSION });
    if (run === undefined) continue;
    const path = runFile(join(output, candidate.candidate));
    await writeJson(path, run);
    if (written.length === 0) await writeJson(runFile(output), run);
    written.push(path);
  }
  return written;
}
