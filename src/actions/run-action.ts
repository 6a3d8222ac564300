import { setSecret } from "@actions/core";
import type { z } from "zod";
import configSchema from "../../docs/pitwall.schema.json" with { type: "json" };
import { readInputs, secretValues } from "../github/inputs.ts";
import { stepReporter } from "../github/reporter.ts";
import { failStep, reportOutcome } from "../github/step.ts";
import { inputNames } from "../verbs/field-meta.ts";
import { loadConfig, resolveInputs } from "../verbs/resolve-inputs.ts";
import type { Outcome, Verb } from "../verbs/verb.ts";

/** From the generated schema: the registry would pull every verb into every action's bundle. */
const CONFIG_KEYS = Object.keys(configSchema.properties);

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
  try {
    inputs = inputsOf(verb, process.env);
    beforeRun?.(inputs);
    const outcome = await verb.run(inputs, { report: stepReporter, signal: cancelSignal(), env: process.env });
    await reportOutcome(verb.name, outcome);
    await afterOutcome?.(inputs, outcome);
  } catch (problem) {
    failStep(problem);
    if (inputs !== undefined) await afterFailure?.(inputs, problem);
  }
}

/** Secrets are masked before anything is parsed: a message about a bad value may quote it. */
function inputsOf<Inputs extends z.ZodObject>(verb: Verb<Inputs>, env: NodeJS.ProcessEnv): z.output<Inputs> {
  const { config: configFile, ...given } = readInputs([...inputNames(verb), "config"], env);
  const config = loadConfig(configFile, CONFIG_KEYS);
  for (const value of secretValues(verb, given, env, config)) setSecret(value);
  return resolveInputs(verb, given, env, config, stepReporter.warning);
}

/** Aborts when the job is cancelled: the runner sends SIGINT, SIGTERM 7.5 s later and SIGKILL 2.5 s after that. */
function cancelSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => controller.abort());
  return controller.signal;
}
