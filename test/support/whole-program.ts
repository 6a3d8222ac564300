import type { Command } from "commander";
import { listed } from "../../scripts/generate/catalogue.ts";
import { addInputs, type Start } from "../../src/cli/inputs.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { VERBS } from "../../src/verbs/registry.ts";
import type { Verb } from "../../src/verbs/verb.ts";

/** The command line with the inputs of every verb, of which a real one has those of the verb that was asked for. */
export function wholeProgram(start: Start, verbs: readonly Verb[] = VERBS): Command {
  const program = buildProgram(verbs.map(listed), "0");
  for (const verb of verbs) addInputs(program, verb, start);
  return program;
}
