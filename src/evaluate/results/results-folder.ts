import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { readJson, writeFileAtomically, writeJson } from "../../files.ts";
import { Grade, type Status } from "../grade/status.ts";
import { readEvidence, resultFolder, type SavedEvidence } from "../work/saved-evidence.ts";
import { type Asked, readAsked } from "./asked.ts";
import { type Evaluated, type Graded, gradeAll } from "./graded.ts";
import { htmlReport } from "./html-report.ts";
import { benchmarkResults, infraGymResult } from "./infra-gym.ts";
import { markdownReport } from "./markdown-report.ts";
import { type Summary, summaryOf } from "./summary.ts";

/** A grade that is no longer what was stored with the evidence. */
export interface Change {
  candidate: string;
  instance: string;
  /** Undefined: none was stored. */
  from: Status | undefined;
  to: Status;
}

/**
 * Grades all evidence of a folder again; nothing is run and nothing written.
 * @throws UserError for a folder that no evaluation wrote
 */
export async function gradeFolder(output: string): Promise<Evaluated & { changes: Change[] }> {
  const asked = await readAsked(output);
  const saved = await evidenceIn(output, asked);
  const evaluated = gradeAll(asked, (candidate, instance) => saved.get(keyOf(candidate, instance)));
  const changes: Change[] = [];
  for (const { candidate, instance, grade } of evaluated.results) {
    const stored = await storedGrade(output, candidate, instance.id);
    if (JSON.stringify(stored) === JSON.stringify(grade)) continue;
    changes.push({ candidate, instance: instance.id, from: stored?.status, to: grade.status });
  }
  return { ...evaluated, changes };
}

const keyOf = (candidate: string, instance: string) => `${candidate}/${instance}`;

/** One after the other: reports may be large, and all of it is read only once. */
async function evidenceIn(output: string, { candidates, instances }: Asked): Promise<Map<string, SavedEvidence>> {
  const found = new Map<string, SavedEvidence>();
  for (const { name } of candidates) {
    for (const { id } of instances) {
      const saved = await readEvidence(output, name, id);
      if (saved !== undefined) found.set(keyOf(name, id), saved);
    }
  }
  return found;
}

async function storedGrade(output: string, candidate: string, instance: string): Promise<Grade | undefined> {
  try {
    return await readJson(join(resultFolder(output, candidate, instance), "grade.json"), Grade);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Writes grades and reports beside the evidence. @returns what they add up to */
export async function writeResults(output: string, evaluated: Evaluated): Promise<Summary> {
  const summary = summaryOf(evaluated);
  for (const graded of evaluated.results) await writeInstance(output, graded);
  const byCandidate = Map.groupBy(evaluated.results, ({ candidate }) => candidate);
  for (const [candidate, results] of byCandidate)
    await writeJson(join(output, candidate, "benchmark_results.json"), benchmarkResults(results));
  const [first] = summary.candidates;
  if (first !== undefined)
    await writeJson(join(output, "benchmark_results.json"), benchmarkResults(byCandidate.get(first.candidate) ?? []));
  await writeJson(join(output, "summary.json"), summary);
  await writeFileAtomically(join(output, "report.md"), `${markdownReport(evaluated, summary).source}\n`);
  await writeFileAtomically(join(output, "report.html"), htmlReport(evaluated, summary).source);
  return summary;
}

async function writeInstance(output: string, graded: Graded): Promise<void> {
  const folder = resultFolder(output, graded.candidate, graded.instance.id);
  await writeJson(join(folder, "grade.json"), graded.grade);
  await writeJson(join(folder, "result.json"), infraGymResult(graded));
}
