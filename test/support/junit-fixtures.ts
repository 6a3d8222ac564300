import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PhaseRun } from "../../src/evaluate/evidence.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";

const FOLDER = join(PACKAGE_ROOT, "test", "fixtures", "junit");
const ENDS: Record<string, { code: number } | { signal: string }> = JSON.parse(
  readFileSync(join(FOLDER, "ends.json"), "utf8"),
);

/** The report that real pytest left; scripts/make-junit-fixtures.ts has what it was asked for. */
export const realReport = (name: string): string => readFileSync(join(FOLDER, `${name}.xml`), "utf8");

/** A run of real pytest, by its name there. */
export function realRun(name: string): PhaseRun {
  const end = ENDS[name];
  if (end === undefined) throw new Error(`pytest was never run as ${name}`);
  const junit = existsSync(join(FOLDER, `${name}.xml`)) ? { junit: realReport(name) } : {};
  return { end: "code" in end ? { kind: "exit", ...end } : { kind: "signal", ...end }, seconds: 1, ...junit };
}
