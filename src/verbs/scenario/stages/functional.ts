import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../../files.ts";
import { CAPABILITIES_OF_FEATURES } from "../../../functional/model/capabilities.ts";
import { FunctionalReport } from "../../../functional/report/report.ts";
import { seedReport, seedReports } from "../../../functional/report/seed.ts";
import type { Stages } from "../../../scenario/matrix.ts";
import type { Scenario } from "../../../scenario/scenario.ts";
import type { Tools } from "../../../tools.ts";
import { functionalFile } from "../../../working-folder/names.ts";
import { checkFunctional } from "../../check-functional/check-functional.ts";
import { CASES_VARIABLE } from "../../check-functional/suite.ts";
import { stageInputs } from "./given.ts";
import type { Found } from "./stage.ts";

interface Wanted {
  output: string;
  /** That of the files. */
  folder: string;
  cases: Exclude<Stages["functional"], false>;
  database?: string | undefined;
  branch?: string | undefined;
  token?: string | undefined;
}

/** Holds the model against the scenario's own cases, or the shipped suite; all: against both, one after the other. */
export async function checkCases(scenario: Scenario, wanted: Wanted, tools: Tools): Promise<Found> {
  const reports: FunctionalReport[] = [];
  const capabilities = capabilitiesOf(scenario);
  let isGood = true;
  for (const env of suitesOf(scenario, wanted, tools.env)) {
    const { database, branch, token, output } = wanted;
    const decided = {
      ...{ output, ...(capabilities.length === 0 ? {} : { capabilities }) },
      ...(Array.isArray(wanted.cases) ? { only: wanted.cases } : {}),
      ...(database === undefined ? {} : { database, branch, token }),
    };
    const inputs = stageInputs(checkFunctional, scenario, { decided, env });
    const { report, signal } = tools;
    const { ok, text } = await checkFunctional.run(inputs, { report, signal, env });
    if (text !== undefined) report.info(text);
    isGood &&= ok;
    if (existsSync(functionalFile(output))) reports.push(await readJson(functionalFile(output), FunctionalReport));
  }
  const results = reports.flatMap((one) => one.results);
  const functional_report = { ...seedReport(results, new Map()), ...seedReports(results, new Map()) };
  return { state: isGood ? "ok" : "failed", detail: reports.map(shortText).join("; "), found: { functional_report } };
}

/** Ids that a line has room for. */
const NAMED = 3;

function shortText({ suite, summary, results }: FunctionalReport): string {
  const { conforms, deviates, unsupported, not_tested } = summary;
  const missing = not_tested === 0 ? "" : `, ${not_tested} not tested`;
  const ids = results.filter(({ outcome }) => outcome === "deviates").map(({ id }) => id);
  const more = ids.length > NAMED ? " …" : "";
  const which = ids.length === 0 ? "" : ` (${ids.slice(0, NAMED).join(", ")}${more})`;
  return `${suite}: ${conforms} conform, ${deviates} deviate${which}, ${unsupported} unsupported${missing}`;
}

/**
 * An environment for each suite, which names its file of cases: the scenario's, else the one it names already, else
 * configs/tests/functional.yaml. Without one there is the shipped suite.
 */
function suitesOf({ functional }: Scenario, { folder, cases }: Wanted, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv[] {
  const own = join(folder, "tests", "functional.yaml");
  const file = functional ?? (env[CASES_VARIABLE] || (existsSync(own) ? own : undefined));
  const shipped = { ...env, [CASES_VARIABLE]: undefined, PITWALL_CASES: undefined };
  if (file === undefined) return [shipped];
  const isNamed = functional !== undefined || file === env[CASES_VARIABLE];
  // The variable's cases all run; a repository's own file says itself whether more than a smoke test does.
  const ofFile =
    isNamed || cases !== true ? { ...shipped, [CASES_VARIABLE]: file } : { ...shipped, PITWALL_CASES: file };
  return cases === "all" ? [ofFile, shipped] : [ofFile];
}

const capabilitiesOf = ({ features = {} }: Scenario) =>
  Object.entries(features).flatMap(([feature, isThere]) => (isThere ? (CAPABILITIES_OF_FEATURES[feature] ?? []) : []));
