import { resolveEngine } from "../../engine/record.ts";
import { UserError } from "../../errors.ts";
import type { Answer } from "../../functional/model/case.ts";
import type { FunctionalReport } from "../../functional/report/report.ts";
import { runSuite } from "../../functional/run/run-suite.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { Tools } from "../../tools.ts";
import type { CheckFunctionalInputs } from "./inputs.ts";
import { type chosenSuite, declaredCapabilities } from "./suite.ts";

/** A suite that was held against a server. */
export interface HeldSuite {
  done: FunctionalReport;
  engine: EngineRecord;
  /** Answers to each case that conforms, by its id. */
  answers: ReadonlyMap<string, readonly Answer[]>;
}

type Asking = Pick<
  CheckFunctionalInputs,
  "output" | "baseUrl" | "model" | "startTimeout" | "capabilities" | "parallel" | "caseRepeats" | "caseTimeout"
>;

/** Holds a suite against the server that is asked for, and writes nothing. @throws UserError when there is none */
export async function holdSuite(
  { suite, cases, capabilities, isShipped }: Awaited<ReturnType<typeof chosenSuite>>,
  inputs: Asking,
  tools: Tools,
): Promise<HeldSuite> {
  const declared = declaredCapabilities(inputs.capabilities, capabilities, tools.env);
  const engine = await resolveEngine(inputs, tools);
  const { baseUrl } = engine;
  if (baseUrl === null) throw new UserError("the recorded engine serves no requests; run start-engine first");
  const answers = new Map<string, readonly Answer[]>();
  const done = await runSuite(
    {
      ...{ suite, cases, declared, detect: isShipped, engine: { ...engine, baseUrl } },
      ...{ parallel: inputs.parallel, repeats: inputs.caseRepeats, requestSeconds: inputs.caseTimeout },
      onAnswers: ({ id }, own) => void answers.set(id, own),
    },
    tools,
  );
  return { done, engine, answers };
}
