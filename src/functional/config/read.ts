import { basename, extname } from "node:path";
import { UsageError } from "../../errors.ts";
import { nearNames } from "../../near-names.ts";
import { readPlain } from "../../plain-file.ts";
import { readYaml } from "../../yaml/file.ts";
import { CAPABILITIES, type Capability } from "../model/capabilities.ts";
import type { Case } from "../model/case.ts";
import { casesOfFile, SMOKE } from "./cases.ts";
import { FunctionalFile } from "./schema.ts";

/** A file of cases, read. */
export interface CasesFile {
  /** Name of the suite: the file's, without its ending. */
  suite: string;
  cases: readonly Case[];
  capabilities: readonly Capability[];
  /** Each case's result is a metric of its own. */
  perCase: boolean;
  /** Why fewer cases run than the file has. */
  note?: string;
}

interface Named {
  path: string;
  /** Said of a file that cannot be read. */
  flag: string;
  /** All its cases run, whatever it says of its suite. */
  wholeSuite: boolean;
}

/** @throws UsageError with FILE:LINE of each mistake; also for a file that has nothing to run */
export async function readCases({ path, flag, wholeSuite }: Named): Promise<CasesFile> {
  const { data, mistaken } = await readYaml(path, FunctionalFile, flag);
  const { cases, mistakes } = casesOfFile(data, await readPlain(path));
  if (mistakes.length > 0) throw mistaken(mistakes);
  const suite = basename(path, extname(path)).replaceAll(/[^A-Za-z0-9._-]/g, "_");
  const { capabilities, enabled, functional_metrics } = data;
  const shared = { suite, capabilities, perCase: functional_metrics.per_case };
  if (!enabled) return { ...shared, cases: [], note: `${path} says “enabled: false”: nothing is run` };
  if (data.suite === false && !wholeSuite) {
    return { ...shared, cases: [SMOKE], note: `${path} says “suite: false”: only the smoke test is run` };
  }
  if (cases.length === 0) throw mistaken([{ path: [], text: "has no cases, matrices or negative cases" }]);
  return { ...shared, cases };
}

/** Names of capabilities, as a list in a variable has them. @param where they stand @throws UsageError naming the nearest */
export function knownCapabilities(names: readonly string[], where: string): Capability[] {
  return names.map((name) => {
    const known = CAPABILITIES.find((one) => one === name);
    if (known === undefined)
      throw new UsageError(`${where}: “${name}” is no capability; near it: ${nearNames(name, CAPABILITIES)}`);
    return known;
  });
}
