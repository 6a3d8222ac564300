import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { readJson, writeFileAtomically, writeJson } from "../../files.ts";
import { Grade, type Status } from "../grade/status.ts";
import { readEvidence, resultFolder } from "../work/saved-evidence.ts";
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
  const saved = await readAll(asked, ({ candidate, instance }) => readEvidence(output, candidate, instance));
  const stored = await readAll(asked, ({ candidate, instance }) => storedGrade(output, candidate, instance));
  const evaluated = gradeAll(asked, (candidate, instance) => saved.get(keyOf(candidate, instance)));
  const changes = evaluated.results.flatMap(({ candidate, instance: { id }, grade }) => {
    const before = stored.get(keyOf(candidate, id));
    if (JSON.stringify(before) === JSON.stringify(grade)) return [];
    return [{ candidate, instance: id, from: before?.status, to: grade.status }];
  });
  return { ...evaluated, changes };
}

const keyOf = (candidate: string, instance: string) => `${candidate}/${instance}`;

/** Files that are open at once. */
const AT_ONCE = 16;

interface Place {
  candidate: string;
  instance: string;
}

/** What reading gives for each candidate on each instance, by {@link keyOf}. */
async function readAll<T>(
  { candidates, instances }: Asked,
  read: (place: Place) => Promise<T>,
): Promise<Map<string, T>> {
  const places = candidates.flatMap(({ name }) => instances.map(({ id }) => ({ candidate: name, instance: id })));
  const found = new Map<string, T>();
  for (let start = 0; start < places.length; start += AT_ONCE) {
    const part = places.slice(start, start + AT_ONCE);
    for (const [index, value] of (await Promise.all(part.map(read))).entries())
      found.set(keyOf(part[index]!.candidate, part[index]!.instance), value);
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
