import { Command } from "commander";
import type { ListedVerb } from "../verbs/verb.ts";
import { FittingHelp } from "./help.ts";
import { printAside, printResult } from "./output.ts";

export const HELP = ["-h, --help", "Show this help."] as const;
const TRY_IT = `
Try it:                pitwall run --preset demo
What is missing here:  pitwall doctor
Inputs of a command:   pitwall run --help`;

/** The command line as `pitwall --help` shows it; `addInputs` adds what a verb takes, for the one that is asked for. */
export function buildProgram(verbs: readonly Omit<ListedVerb, "load">[], version: string): Command {
  const program = new Command("pitwall")
    .description("Measure an LLM inference engine, keep the numbers in a git branch, chart them.")
    .version(version, "-V, --version", "Print the version.")
    .helpOption(...HELP)
    .helpCommand("help [command]", "Shows the help of a command.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => printResult(text.trimEnd()),
      writeErr: (text) => printAside(text.trimEnd()),
    })
    .addHelpText("after", TRY_IT);
  program.createHelp = () => new FittingHelp();
  for (const { name, description, words } of verbs) {
    const command = program.command(name).description(description).exitOverride().allowExcessArguments(false);
    if (words !== undefined) command.argument(`[${words}...]`);
  }
  return program;
}
