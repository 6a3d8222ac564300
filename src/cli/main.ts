#!/usr/bin/env node
import { CommanderError } from "commander";
import { messageOf, UsageError } from "../errors.ts";
import { lastWords, wantsStack } from "../last-resort.ts";
import { VERSION } from "../package-root.ts";
import { CATALOGUE } from "../verbs/catalogue.ts";
import { isInterruption } from "./interruption.ts";
import { allowLostOutput, printAside } from "./output.ts";
import { buildProgram } from "./program.ts";
import { askedVerb, checkVerb } from "./unknown-verb.ts";

/** Exit codes: 0 good, 1 the work failed, 2 wrong use. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const stack = process.argv.includes("--debug") || wantsStack(process.env);
  const said = isInterruption(error) ? messageOf(error) : lastWords(error, { stack, howToSee: "--debug" });
  printAside(`error: ${said}`);
  return error instanceof UsageError ? 2 : 1;
}

/** @throws UsageError and whatever else ends the work */
async function main(args: readonly string[]): Promise<void> {
  const names = CATALOGUE.map(({ name }) => name);
  checkVerb(args, names);
  const program = buildProgram(CATALOGUE, VERSION);
  const asked = askedVerb(args, names);
  if (asked !== undefined) {
    const [{ addInputs }, { start }] = await Promise.all([import("./inputs.ts"), import("./start.ts")]);
    addInputs(program, await CATALOGUE.find(({ name }) => name === asked)!.load(), start);
  }
  await program.parseAsync(args, { from: "user" });
}

allowLostOutput();
// What escapes every other handler has left nothing that could be ended in order.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error) => process.exit(exitCodeOf(error)));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
