import { type CasesFile, knownCapabilities, readCases } from "../../functional/config/read.ts";
import type { Capability } from "../../functional/model/capabilities.ts";
import { OPENAI_SUITE } from "../../functional/openai/suite.ts";

/** Variables of vllm_cibench. */
const CASES = "VLLM_CIBENCH_FUNCTIONAL_CONFIG";
const HAS = "VLLM_CIBENCH_CAPABILITIES";

/** Which cases are run: those of a file that was named or of the variable's, else the shipped ones. @throws UsageError */
export async function chosenSuite(
  cases: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<CasesFile & { isShipped: boolean }> {
  const named = env[CASES];
  if (cases !== undefined)
    return { ...(await readCases({ path: cases, flag: "--cases", wholeSuite: false })), isShipped: false };
  if (named) return { ...(await readCases({ path: named, flag: CASES, wholeSuite: true })), isShipped: false };
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
