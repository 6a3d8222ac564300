import { join } from "node:path";
import pLimit from "p-limit";
import { UserError } from "../../errors.ts";
import { readJson, writeFileAtomically, writeJson } from "../../files.ts";
import { Grade, type Status } from "../grade/status.ts";
import { readEvidence, resultFolder } from "../work/saved-evidence.ts";
import { readAsked } from "./asked.ts";
import { type Evaluated, evaluatedOf, type Graded, gradesOn } from "./graded.ts";
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

/** Instances that are read at once. */
const AT_ONCE = 8;

/**
 * Grades all evidence of a folder again; nothing is run and nothing written.
 * @throws UserError for a folder that no evaluation wrote
 */
export async function gradeFolder(output: string): Promise<Evaluated & { changes: Change[] }> {
  const asked = await readAsked(output);
  const limit = pLimit(AT_ONCE);
  const graded = await limit.map(asked.instances, async (instance) => {
    const names = asked.candidates.map(({ name }) => name);
    const saved = await Promise.all(names.map((name) => readEvidence(output, name, instance.id)));
    return gradesOn(instance, asked, (name) => saved[names.indexOf(name)]);
  });
  const evaluated = evaluatedOf(asked, graded);
  const changes = await limit.map(evaluated.results, (one) => changeOf(output, one));
  return { ...evaluated, changes: changes.flat() };
}

async function changeOf(output: string, { candidate, instance, grade }: Graded): Promise<Change[]> {
  const before = await storedGrade(output, candidate, instance.id);
  if (JSON.stringify(before) === JSON.stringify(grade)) return [];
  return [{ candidate, instance: instance.id, from: before?.status, to: grade.status }];
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
