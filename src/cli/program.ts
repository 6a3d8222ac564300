import { Command, Option } from "commander";
import type { z } from "zod";
import { defaultOf, fieldMeta, showValue } from "../verbs/schema/field-meta.ts";
import { kebabCase, variableOf } from "../verbs/schema/resolve-inputs.ts";
import type { Verb } from "../verbs/verb.ts";
import { printAside, printResult } from "./output.ts";

/** Flags that every verb has besides its inputs. */
interface CommonFlags {
  config?: string;
  json?: boolean;
  quiet?: boolean;
}

export type Start = (verb: Verb, given: Record<string, unknown>, flags: CommonFlags) => Promise<void>;

/** The command line, made from the verbs' schemas. Commander names the nearest verb or flag to an unknown one. */
export function buildProgram(verbs: readonly Verb[], version: string, start: Start): Command {
  const program = new Command("pitwall")
    .description("Measure an LLM inference engine, keep the numbers in a git branch, chart them.")
    .version(version)
    .helpCommand(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => printResult(text.trimEnd()),
      writeErr: (text) => printAside(text.trimEnd()),
    })
    .addHelpText("after", "\nTry it: pitwall run --preset demo   ·   What is missing here: pitwall doctor");
  for (const verb of verbs) addVerb(program, verb, start);
  return program;
}

function addVerb(program: Command, verb: Verb, start: Start): void {
  const command = program.command(verb.name).description(verb.description).exitOverride().allowExcessArguments(false);
  const { positional } = verb;
  for (const [key, schema] of Object.entries(verb.inputs.shape) as [string, z.ZodType][]) {
    if (key === positional) command.argument(`[${kebabCase(key)}...]`, fieldMeta(schema).description);
    else addInput(command, key, schema);
  }
  command
    .option("--config <FILE>", "File with inputs (default: pitwall.yml, if there is one).")
    .option("--json", "Print the outputs as JSON.")
    .option("--quiet", "Print nothing but warnings, errors and the result.")
    .option("--debug", "Print the stack of an error, too.")
    .addHelpText("after", secretsHelp(verb))
    .action(async (...received: unknown[]) => {
      const words = positional === undefined ? undefined : (received[0] as string[]);
      const { config, json, quiet, debug: _debug, ...flags } = command.opts();
      const given = byKey(verb, flags);
      const bare = positional !== undefined && words!.length > 0 ? { [positional]: words } : {};
      await start(verb, { ...given, ...bare }, { config, json, quiet });
    });
}

function addInput(command: Command, key: string, schema: z.ZodType): void {
  const meta = fieldMeta(schema);
  if (meta.secret) return;
  const name = `--${meta.flag ?? kebabCase(key)}`;
  if (meta.placeholder === "") {
    const standard = defaultOf(schema);
    command.addOption(new Option(name, meta.description));
    const negative = new Option(
      `--no-${kebabCase(key)}`,
      `The opposite (default: ${standard === true ? "on" : "off"}).`,
    );
    command.addOption(standard === true ? negative : negative.hideHelp());
    return;
  }
  const option = new Option(`${name} <${meta.placeholder}>`, describe(meta.description, schema));
  if (meta.repeatable) option.argParser(collect);
  command.addOption(option);
  if (meta.alias) command.addOption(new Option(`--${kebabCase(meta.alias)} <${meta.placeholder}>`).hideHelp());
}

/** Values by the keys of the schema, of which some have another name on the command line. */
function byKey(verb: Verb, flags: Record<string, unknown>): Record<string, unknown> {
  const keys = new Map(
    Object.entries(verb.inputs.shape).map(([key, schema]) => [fieldMeta(schema as z.ZodType).flag ?? key, key]),
  );
  return Object.fromEntries(Object.entries(flags).map(([flag, value]) => [keys.get(flag) ?? flag, value]));
}

/** One text for all of them, as an action's input or the environment has it: each may be a list itself. */
const collect = (value: string, before?: string) => (before === undefined ? value : `${before},${value}`);

function describe(description: string, schema: z.ZodType): string {
  const standard = defaultOf(schema);
  if (standard === undefined || (Array.isArray(standard) && standard.length === 0)) return description;
  return `${description} (default: ${showValue(standard)})`;
}

function secretsHelp(verb: Verb): string {
  const secrets = Object.entries(verb.inputs.shape).filter(([, schema]) => fieldMeta(schema as z.ZodType).secret);
  const lines = secrets.map(([key, schema]) => `  ${variableOf(key)}  ${fieldMeta(schema as z.ZodType).description}`);
  return lines.length === 0 ? "" : `\nFrom the environment only:\n${lines.join("\n")}`;
}
