import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../../errors.ts";
import { isEvaluated } from "../../evaluate/results/asked.ts";
import type { Graded } from "../../evaluate/results/graded.ts";
import { gradeInfraGym } from "../../evaluate/results/infra-gym-folder.ts";
import { mergeIntoDataset } from "../../evaluate/results/merge.ts";
import { type Change, gradeFolder, writeResults } from "../../evaluate/results/results-folder.ts";
import { counted } from "../../result/counted.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import type { Outcome } from "../verb.ts";
import type { EvaluateInputs } from "./inputs.ts";
import { infraGymOutcome } from "./report-infra-gym.ts";
import { outcomeOf, totalLines } from "./results.ts";
import { writeRunDocuments } from "./run-documents.ts";

/** `evaluate report DIR`: grades what is saved there again, runs nothing, and says what differs from what is stored there. */
export async function report(words: readonly string[]): Promise<Outcome> {
  const [task, folder, ...more] = words;
  if (task !== "report") throw new UsageError(`evaluate knows no “${words.join(" ")}”, but evaluate report DIR`);
  if (folder === undefined || more.length > 0) throw new UsageError("evaluate report DIR takes one folder of results");
  const output = resolve(folder);
  const others = isEvaluated(output) || !existsSync(output) ? [] : await gradeInfraGym(output);
  if (others.length > 0) return infraGymOutcome(output, others);
  await using _ = await holdFolder(output);
  const evaluated = await gradeFolder(output);
  const summary = await writeResults(output, evaluated);
  const runFiles = await writeRunDocuments(output, evaluated, summary);
  const outputs = { ...outcomeOf(evaluated, summary, output).outputs, runFiles };
  return { ok: true, outputs, text: [...changeLines(evaluated.changes), ...totalLines(summary)].join("\n") };
}

function changeLines(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ["every grade is as it was stored"];
  return [
    `${counted(changes.length, "grade")} not as stored:`,
    ...changes.map(({ candidate, instance, from, to }) => {
      const what = from === to ? `${to}, with other tests` : `${from ?? "no grade"} → ${to}`;
      return `${candidate} ${instance}: ${what}`;
    }),
  ];
}

/** Writes the dataset with lists, and says how it went. */
export async function mergedLines(
  { dataset }: EvaluateInputs,
  results: readonly Graded[],
  target: string,
): Promise<string[]> {
  if (dataset === undefined) throw new UsageError("--merge-into goes with --dataset");
  const { count, warnings } = await mergeIntoDataset({ dataset, target, results });
  return [`${target}: ${counted(count, "instance")} with lists of tests`, ...warnings];
}
