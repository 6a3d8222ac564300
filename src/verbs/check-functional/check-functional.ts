import { resolve } from "node:path";
import { writeFileAtomically, writeJson } from "../../files.ts";
import { functionalCell } from "../../functional/report/cell.ts";
import { junitXml } from "../../functional/report/junit.ts";
import type { FunctionalReport } from "../../functional/report/report.ts";
import { PITWALL } from "../../package-root.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { Tools } from "../../tools.ts";
import { writeCell } from "../../working-folder/cells.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { functionalFile } from "../../working-folder/names.ts";
import { prepareFolder } from "../benchmark/prepare-folder.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { besideReport } from "./beside.ts";
import { holdSuite } from "./hold-suite.ts";
import { CheckFunctionalInputs } from "./inputs.ts";
import { casesText, outcomeOf } from "./outcome.ts";
import { chosenSuite, onlyNamed } from "./suite.ts";

export const checkFunctional = defineVerb({
  name: "check-functional",
  description: "Holds a served model against a suite of cases: what of OpenAI's API it does, does otherwise, or lacks.",
  inputs: CheckFunctionalInputs,
  outputs: {
    conforms: "Cases that conform.",
    deviates: "Cases that deviate, each time they were asked.",
    unsupported: "Cases of what the server lacks.",
    notTested: "Cases that could not be tested.",
    flaky: "Cases that failed, and held when asked again.",
    deviating: "Ids of the cases that deviate.",
    reportFile: "Path of the report, functional.json.",
  },
  run: checkServed,
});

/** The story of the verb, for whoever runs it as a part of more. */
export async function checkServed(inputs: CheckFunctionalInputs, tools: Tools): Promise<Outcome> {
  const output = resolve(inputs.output);
  const chosen = await chosenSuite(inputs.cases, tools.env);
  const suite = { ...chosen, cases: onlyNamed(chosen.cases, inputs.only) };
  if (suite.note !== undefined) tools.report.info(suite.note);
  if (inputs.listCases || suite.cases.length === 0) return casesText(suite.cases);
  await using _ = await holdFolder(output);
  const earlier = await besideReport(inputs, tools);
  const { done, engine } = await holdSuite(suite, { ...inputs, output }, tools);
  await writeResults(done, engine, { ...inputs, output }, tools);
  return outcomeOf(done, inputs, await earlier(done));
}

async function writeResults(
  done: FunctionalReport,
  engine: EngineRecord,
  { output, clean, junit }: { output: string; clean: boolean; junit?: string | undefined },
  tools: Tools,
): Promise<void> {
  const cell = functionalCell(done, PITWALL);
  const { id, benchmark, params } = cell;
  await prepareFolder({ output, clean }, [{ id, benchmark, params }], { kind: "server", engine }, tools);
  await writeJson(functionalFile(output), done);
  await writeCell(output, cell);
  if (junit !== undefined) await writeFileAtomically(resolve(junit), junitXml(done));
}
