#!/usr/bin/env node
import { CommanderError } from "commander";
import { messageOf, UsageError } from "../errors.ts";
import { addToJobSummary } from "../job-summary.ts";
import { lastWords, wantsStack } from "../last-resort.ts";
import { VERSION } from "../package-root.ts";
import type { Reporter, Tools } from "../tools.ts";
import { configKeys, VERBS } from "../verbs/registry.ts";
import { loadConfig, resolveInputs } from "../verbs/schema/resolve-inputs.ts";
import type { Outcome } from "../verbs/verb.ts";
import { allowLostOutput, printAside, printJson, printResult } from "./output.ts";
import { buildProgram, type Start } from "./program.ts";
import { terminalReporter } from "./reporter.ts";
import { checkVerb } from "./unknown-verb.ts";

/** Exit codes: 0 good, 1 the work failed, 2 wrong use. */
const start: Start = async (verb, given, { config, json = false, quiet = false }) => {
  const report = terminalReporter({ quiet });
  const inputs = resolveInputs(verb, given, process.env, await loadConfig(config, configKeys), report.warning);
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
  if (json) printJson({ ...outputs, ...more });
  else if (text !== undefined) printResult(text);
}

let interrupted: AbortSignal | undefined;
/** From the first time on that a verb asks for it. */
const interruption = (): AbortSignal => {
  interrupted ??= listenForInterruption();
  return interrupted;
};

const NAMES = ["SIGINT", "SIGTERM"] as const;

/** What is left is to print, maybe for long, and nothing that must be ended in order. */
function stopListening(): void {
  for (const name of NAMES) process.removeAllListeners(name);
}

/** Aborts on the first Ctrl-C or TERM, so that the engine is stopped and what was measured is kept; the second one ends at once. */
function listenForInterruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of NAMES) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        printAside("\nended at once: the engine may still run; stop it with: pitwall start-engine --stop");
        process.exit(1);
      }
      printAside(`\n${name}: ending, and keeping what was measured…`);
      controller.abort(new Error(`ended by ${name}`));
    });
  }
  return controller.signal;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const wasAsked = interrupted?.aborted === true && error === interrupted.reason;
  const stack = process.argv.includes("--debug") || wantsStack(process.env);
  const said = wasAsked ? messageOf(error) : lastWords(error, { stack, howToSee: "--debug" });
  printAside(`error: ${said}`);
  return error instanceof UsageError ? 2 : 1;
}

allowLostOutput();
// What escapes every other handler has left nothing that could be ended in order.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error) => process.exit(exitCodeOf(error)));
}

try {
  checkVerb(
    process.argv.slice(2),
    VERBS.map(({ name }) => name),
  );
  await buildProgram(VERBS, VERSION, start).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
