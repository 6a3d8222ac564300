import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import pLimit from "p-limit";
import { z } from "zod";
import { messageOf, UserError } from "../../errors.ts";
import { readJson } from "../../files.ts";
import { readPlain } from "../../plain-file.ts";
import { gradePhases } from "../grade/grade.ts";
import { type PhaseTests, phaseOf } from "../grade/phase-tests.ts";
import { type RunTests, readRun, type TestRecord } from "../grade/run-tests.ts";
import { type Grade, gradeWithoutTests } from "../grade/status.ts";
import { type JunitReport, type Outcome, readJunit } from "../junit/report.ts";
import type { KnownTests } from "../junit/test-id.ts";

const Ids = z.array(z.string());
const Phase = z.object({ passed: Ids, failed: Ids, errors: Ids, skipped: Ids });
type Phase = z.infer<typeof Phase>;

const Result = z.object({
  ...{ instance_id: z.string(), version: z.string(), phase1: Phase, phase2: Phase },
  ...{ status: z.string(), error_message: z.string(), FAIL_TO_PASS: Ids },
});

/** What infra-gym's own script said of an instance, and what its files prove. */
export interface InfraGymGrade {
  id: string;
  /** Path of the folder below the one with all results. */
  folder: string;
  /** Its “success” means that the script came to its end; undefined where it wrote none. */
  said: string | undefined;
  grade: Grade;
}

/** Results that are read at once. */
const AT_ONCE = 16;

/** Every result.json below a folder, graded again; one that is empty or broken is an error, and in the list. */
export async function gradeInfraGym(path: string): Promise<InfraGymGrade[]> {
  const files = (await readdir(path, { recursive: true })).filter((name) => basename(name) === "result.json");
  return await pLimit(AT_ONCE).map(files.toSorted(), (file) => gradeOf(path, dirname(file)));
}

async function gradeOf(path: string, folder: string): Promise<InfraGymGrade> {
  const id = basename(folder);
  try {
    const result = await readJson(join(path, folder, "result.json"), Result);
    return {
      id: result.instance_id,
      folder,
      said: result.status,
      grade: await gradeOfResult(join(path, folder), result),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { id, folder, said: undefined, grade: gradeWithoutTests("error", messageOf(error).replace(`${path}/`, "")) };
  }
}

async function gradeOfResult(folder: string, result: z.infer<typeof Result>): Promise<Grade> {
  const { error_message: problem, phase1, phase2 } = result;
  if (problem.startsWith("Failed to apply ")) return gradeWithoutTests("patch_failed", problem);
  if (problem !== "") return gradeWithoutTests("error", problem);
  const ids = new Set([phase1, phase2].flatMap((phase) => Object.values(phase).flat()));
  const known = { ids, files: new Set([...ids].map((id) => id.split("::", 1)[0]!)) };
  const read = async (name: string, phase: Phase) => phaseFrom(await reportIn(join(folder, name)), phase, known);
  return gradePhases(await read("phase1.xml", phase1), await read("phase2.xml", phase2));
}

async function reportIn(path: string): Promise<string | undefined> {
  try {
    return await readPlain(path);
  } catch (error) {
    if (error instanceof UserError && (error.cause as NodeJS.ErrnoException)?.code === "ENOENT") return undefined;
    throw error;
  }
}

/** It stores a run that took too long as a test of this name. */
const TIMEOUT = "TIMEOUT";

/** The report where there is one, for lists can be of anything. Exit codes it never kept: they are what the tests make likely. */
function phaseFrom(junit: string | undefined, lists: Phase, known: KnownTests): PhaseTests {
  if (lists.errors.includes(TIMEOUT))
    return phaseOf([{ ...runFrom(lists), problem: { status: "timeout", detail: "the tests took too long" } }]);
  if (junit === undefined) return phaseOf([runFrom(lists)]);
  return phaseOf([readRun({ end: { kind: "exit", code: likelyCode(readJunit(junit)) }, junit, seconds: 0 }, known)]);
}

function likelyCode({ cases }: JunitReport): number {
  if (cases.length === 0) return 5;
  return cases.some(({ outcome }) => outcome === "failed" || outcome === "error") ? 1 : 0;
}

function runFrom({ passed, failed, errors, skipped }: Phase): RunTests {
  const real = errors.filter((id) => id !== TIMEOUT);
  const of = (ids: readonly string[], outcome: Outcome) =>
    ids.map((id): [string, TestRecord] => [id, { outcomes: [outcome], isRerun: false, hasTeardownError: false }]);
  const isNode = (id: string) => !id.includes("::");
  const tests = new Map([
    ...of(passed, "passed"),
    ...of(failed, "failed"),
    ...of(
      real.filter((id) => !isNode(id)),
      "error",
    ),
    ...of(skipped, "skipped"),
  ]);
  const nodes = new Map(real.filter(isNode).map((id) => [id, "error"] as const));
  const counts = {
    ...{ tests: tests.size + nodes.size, failures: failed.length, errors: real.length, skipped: skipped.length },
    seconds: 0,
  };
  const isEmpty = tests.size + nodes.size === 0;
  return {
    tests,
    nodes,
    importErrors: new Map(),
    counts,
    problem: isEmpty ? { status: "no_tests", detail: "no test has an outcome" } : undefined,
  };
}
