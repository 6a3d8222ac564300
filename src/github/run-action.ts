import { setSecret } from "@actions/core";
import type { z } from "zod";
import { UserError } from "../errors.ts";
import { knownConfigKeys, loadConfig } from "../verbs/schema/config-file.ts";
import { keysByName } from "../verbs/schema/field-meta.ts";
import { resolveInputs } from "../verbs/schema/resolve-inputs.ts";
import type { Outcome, Verb } from "../verbs/verb.ts";
import { readInputs, secretValues } from "./inputs.ts";
import { stepReporter } from "./reporter.ts";
import { failStep, reportOutcome } from "./step.ts";

interface Hooks<Inputs extends z.ZodObject> {
  /** Called with the inputs before the work starts, so that a post step finds its state even after a cancel. */
  beforeRun?(inputs: z.output<Inputs>): void;
  /** Called with what the work came to, which was reported already. */
  afterOutcome?(inputs: z.output<Inputs>, outcome: Outcome): Promise<void>;
  /** Called when the work ended with an error, which was reported already. */
  afterFailure?(inputs: z.output<Inputs>, problem: unknown): Promise<void>;
}

/** The main step of every action. Ends with exit code 1 when the work failed or an input is wrong. */
export async function runAction<Inputs extends z.ZodObject>(
  verb: Verb<Inputs>,
  { beforeRun, afterOutcome, afterFailure }: Hooks<Inputs> = {},
): Promise<void> {
  let inputs: z.output<Inputs> | undefined;
  const signal = cancelSignal();
  failOnWhatEscapes();
  try {
    inputs = await inputsOf(verb, process.env);
    beforeRun?.(inputs);
    const outcome = await verb.run(inputs, { report: stepReporter, signal, env: process.env });
    await reportOutcome(verb.name, outcome);
    await afterOutcome?.(inputs, outcome);
  } catch (problem) {
    failStep(problem === signal.reason ? new UserError("cancelled") : problem);
    if (inputs !== undefined) await afterFailure?.(inputs, problem);
  }
}

/** What escapes every other handler has left nothing that could be ended in order. */
function failOnWhatEscapes(): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (problem) => {
      failStep(problem);
      process.exit(1);
    });
  }
}

/** Secrets are masked before anything is parsed: a message about a bad value may quote it. */
async function inputsOf<Inputs extends z.ZodObject>(
  verb: Verb<Inputs>,
  env: NodeJS.ProcessEnv,
): Promise<z.output<Inputs>> {
  const keys = keysByName(verb);
  const { config: configFile, ...named } = readInputs([...keys.keys(), "config"], env);
  const given = Object.fromEntries(Object.entries(named).map(([name, value]) => [keys.get(name)!, value]));
  const config = await loadConfig(configFile, knownConfigKeys);
  for (const value of secretValues(verb, given, env, config)) setSecret(value);
  return resolveInputs(verb, given, env, config, stepReporter.warning);
}

/** Aborts when the job is cancelled: the runner sends SIGINT, SIGTERM 7.5 s later and SIGKILL 2.5 s after that. */
function cancelSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => controller.abort());
  return controller.signal;
}
