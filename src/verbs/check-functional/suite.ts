import { UsageError } from "../../errors.ts";
import { type CasesFile, knownCapabilities, readCases } from "../../functional/config/read.ts";
import type { Capability } from "../../functional/model/capabilities.ts";
import type { Case } from "../../functional/model/case.ts";
import { OPENAI_SUITE } from "../../functional/openai/suite.ts";
import { nearNames } from "../../near-names.ts";

/** Variables of vllm_cibench. */
export const CASES_VARIABLE = "VLLM_CIBENCH_FUNCTIONAL_CONFIG";
const HAS = "VLLM_CIBENCH_CAPABILITIES";

/** Which cases are run: those of a file that was named or of the variable's, else the shipped ones. @throws UsageError */
export async function chosenSuite(
  cases: string | undefined,
  env: NodeJS.ProcessEnv,
  flag = "--cases",
): Promise<CasesFile & { isShipped: boolean }> {
  const named = env[CASES_VARIABLE];
  if (cases !== undefined) return { ...(await readCases({ path: cases, flag, wholeSuite: false })), isShipped: false };
  if (named) return { ...(await readCases({ path: named, flag: CASES_VARIABLE, wholeSuite: true })), isShipped: false };
  return { suite: "openai", cases: OPENAI_SUITE, capabilities: [], perCase: false, isShipped: true };
}

/** What the server has by its owner's word: by flag, variable and file together. @throws UsageError for a name that there is not */
export function declaredCapabilities(
  given: readonly Capability[] = [],
  file: readonly Capability[],
  env: NodeJS.ProcessEnv,
): Set<Capability> {
  const names = (env[HAS] ?? "").split(",").flatMap((name) => name.trim() || []);
  return new Set([...given, ...file, ...knownCapabilities(names, HAS)]);
}

/** Those cases whose ids begin with one of the names. @throws UsageError for a name that no case has */
export function onlyNamed<C extends Pick<Case, "id">>(
  cases: readonly C[],
  names: readonly string[] | undefined,
): readonly C[] {
  if (names === undefined) return cases;
  for (const name of names) {
    if (cases.some(({ id }) => id.startsWith(name))) continue;
    const ids = cases.map(({ id }) => id);
    throw new UsageError(`--only: no case begins with “${name}”; near it: ${nearNames(name, ids)} (all: --list-cases)`);
  }
  return cases.filter(({ id }) => names.some((name) => id.startsWith(name)));
}
