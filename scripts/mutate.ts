/**
 * `npm run mutate [-- --seed 1 --lines 550 FOLDER…]`: changes one operator at a time (comparisons, and/or, arithmetic, off by
 * one) on a random sample of lines of the pure rooms, runs the unit tests of those rooms, and prints the share of changes
 * that a test noticed, by room. Stryker makes the changes and runs the tests; the sample is ours, since it knows none.
 * Constants of a module are left alone: each takes all tests, and nearly every change of them was noticed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { sourceFiles } from "../test/support/source-files.ts";

/** Their tests are the ones that vitest.mutate.config.ts runs. */
const ROOMS = ["src/result", "src/report", "src/workload", "src/formats"];
/** Where stryker.config.json has its report written. */
const REPORT = "node_modules/.cache/mutation.json";
/** A line that can hold an operator: no comment, no import, no lone bracket. */
const HAS_CODE = /^(?!\s*(?:\*|\/\/|\/\*|import\b|export type\b|[\])};,]*$)).*[=!<>+\-*/%&|?(]/;

const { seed, most, rooms } = asked();
const lines = rooms.flatMap(sourceFiles).flatMap(linesWithCode);
const sample = shuffled(lines, seed).slice(0, most);
console.log(`${sample.length} of ${lines.length} lines, seed ${seed}`);
const { status } = spawnSync("npx", ["stryker", "run", "--mutate", sample.sort().join(",")], { stdio: "inherit" });
if (status === 0) printScores();
process.exitCode = status ?? 1;

function asked() {
  const { values, positionals } = parsed();
  const missing = positionals.find((folder) => !ROOMS.some((room) => folder.startsWith(room)) || !existsSync(folder));
  if (missing !== undefined) refuse(`${missing} is no folder in ${ROOMS.join(", ")}`);
  return {
    seed: wholeNumber("--seed", values.seed, 0),
    most: wholeNumber("--lines", values.lines, 1),
    rooms: positionals.length > 0 ? positionals : ROOMS,
  };
}

function parsed() {
  try {
    return parseArgs({
      options: { seed: { type: "string", default: "1" }, lines: { type: "string", default: "550" } },
      allowPositionals: true,
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  const isGood = /^\d{1,9}$/.test(text) && Number(text) >= least;
  return isGood ? Number(text) : refuse(`${option} ${text}: give a whole number from ${least} to 999999999`);
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

function linesWithCode(path: string): string[] {
  const text = readFileSync(path, "utf8").split("\n");
  return text.flatMap((line, index) => (HAS_CODE.test(line) ? [`${path}:${index + 1}-${index + 1}`] : []));
}

/** Fisher and Yates, by a linear congruential generator (Numerical Recipes): the same for the same seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed >>> 0;
  for (let last = result.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}

/** A test failed or ran for ever, out of all changes but those that were left alone or are no valid program. */
function printScores() {
  const { files } = JSON.parse(readFileSync(REPORT, "utf8")) as {
    files: Record<string, { mutants: { status: string }[] }>;
  };
  for (const room of [...ROOMS, "src"]) {
    const own = Object.entries(files).filter(([path]) => path.startsWith(`${room}/`));
    const statuses = own.flatMap(([, { mutants }]) => mutants.map((mutant) => mutant.status));
    const counted = statuses.filter((one) => !["Ignored", "CompileError", "RuntimeError", "Pending"].includes(one));
    const noticed = counted.filter((one) => one === "Killed" || one === "Timeout");
    if (counted.length === 0) continue;
    const share = ((100 * noticed.length) / counted.length).toFixed(1);
    console.log(`${room}: ${noticed.length} of ${counted.length} changes noticed (${share} %)`);
  }
}
