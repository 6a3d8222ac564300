import { addToJobSummary } from "../job-summary.ts";
import type { Reporter, Tools } from "../tools.ts";
import { knownConfigKeys, loadConfig } from "../verbs/schema/config-file.ts";
import { resolveInputs } from "../verbs/schema/resolve-inputs.ts";
import type { Outcome } from "../verbs/verb.ts";
import type { Start } from "./inputs.ts";
import { interruption, stopListening } from "./interruption.ts";
import { printJson, printResult } from "./output.ts";
import { terminalReporter } from "./reporter.ts";

/** Does a verb's work with the inputs of a command line, and prints what came of it. */
export const start: Start = async (verb, given, { config, json = false, quiet = false }) => {
  const report = terminalReporter({ quiet });
  const inputs = resolveInputs(verb, given, process.env, await loadConfig(config, knownConfigKeys), report.warning);
  const outcome = await verb.run(inputs, toolsWith(report));
  stopListening();
  print(outcome, json);
  for (const problem of await tellWorkflow(outcome, process.env)) report.warning(problem);
  process.exitCode = outcome.ok ? 0 : 1;
};

/** A verb that has begun nothing that must be ended in order ends as any program does, even in the middle of long work. */
const toolsWith = (report: Reporter): Tools => ({
  report,
  env: process.env,
  get signal() {
    return interruption();
  },
});

/** As an action does; a step that runs a command of its own has a job summary, too. */
async function tellWorkflow({ summary }: Outcome, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY: file } = env;
  return summary !== undefined && GITHUB_ACTIONS === "true" && file ? addToJobSummary(summary, file) : [];
}

function print({ outputs, json: more, text }: Outcome, json: boolean): void {
  if (json) printJson(Array.isArray(more) ? more : { ...outputs, ...more });
  else if (text !== undefined) printResult(text);
}
