import type { Command } from "commander";
import { Option } from "commander";
import type { z } from "zod";
import { UsageError } from "../errors.ts";
import { defaultOf, fieldMeta, keysByName, showValue } from "../verbs/schema/field-meta.ts";
import { type Group, type GroupedInput, groupedInputs } from "../verbs/schema/groups.ts";
import { kebabCase, variableOf } from "../verbs/schema/resolve-inputs.ts";
import type { Verb } from "../verbs/verb.ts";
import { FittingHelp } from "./help.ts";
import { HELP } from "./program.ts";

/** Flags that every verb has besides its inputs. */
interface CommonFlags {
  config?: string;
  json?: boolean;
  quiet?: boolean;
}

export type Start = (verb: Verb, given: Record<string, unknown>, flags: CommonFlags) => Promise<void>;

/** Makes of a verb's command, of which name and description are there, all that its schema says. */
export function addInputs(program: Command, verb: Verb, start: Start): void {
  const command = program.commands.find((each) => each.name() === verb.name)!;
  const { positional } = verb;
  const inputs = groupedInputs(verb);
  for (const { schema } of inputs.filter(({ key }) => key === positional)) {
    command.registeredArguments[0]!.description = fieldMeta(schema).description;
  }
  const options = inputs.filter(({ key }) => key !== positional).flatMap(optionsOf);
  for (const option of options.filter((option) => !isVariable(option))) command.addOption(option);
  command.createHelp = () => new FittingHelp(options);
  command.optionsGroup(headingOf("Common"));
  // The scripts that one verb is there for have it for a file of their own.
  if (!options.some(({ long }) => long === "--config")) {
    command.option("--config <FILE>", "File with inputs (default: pitwall.yml, if there is one).");
  }
  command
    .option("--json", "Print the outputs as JSON.")
    .option("--quiet", "Print nothing but warnings, errors and the result.")
    .option("--debug", "Print the stack of an error, too.")
    .helpOption(...HELP)
    .action(async (...received: unknown[]) => {
      const words = positional === undefined ? undefined : (received[0] as string[]);
      const { json, quiet, debug: _debug, ...flags } = command.opts();
      const { config, ...given } = byKey(verb, flags);
      const bare = positional !== undefined && words!.length > 0 ? { [positional]: words } : {};
      await start(verb, { ...given, ...bare }, { config: config as string | undefined, json, quiet });
    });
}

const headingOf = (group: Group) => `${group}:`;

/** The options of an input, of which help hides some. */
function optionsOf({ group, key, schema }: GroupedInput): Option[] {
  const { secret = false, placeholder } = fieldMeta(schema);
  const options = secret
    ? [variable(key, schema), refused(key)]
    : placeholder === ""
      ? switches(key, schema)
      : values(key, schema);
  return options.map((option) => option.helpGroup(headingOf(group)));
}

function switches(key: string, schema: z.ZodType): Option[] {
  const { description, flag = kebabCase(key) } = fieldMeta(schema);
  const isOn = defaultOf(schema) === true;
  const negative = new Option(`--no-${kebabCase(key)}`, `The opposite (default: ${isOn ? "on" : "off"}).`);
  return [new Option(`--${flag}`, description), negative.hideHelp(!isOn)];
}

function values(key: string, schema: z.ZodType): Option[] {
  const { description, flag = kebabCase(key), placeholder, repeatable, alias } = fieldMeta(schema);
  const option = new Option(`--${flag} <${placeholder}>`, describe(description, schema));
  if (repeatable) option.argParser(collect);
  return alias === undefined ? [option] : [option, new Option(`--${kebabCase(alias)} <${placeholder}>`).hideHelp()];
}

/** Stands in its place in help, and is no flag: a secret would be seen in the list of processes. */
function variable(key: string, schema: z.ZodType): Option {
  const option = new Option(`--${kebabCase(key)}`, `${fieldMeta(schema).description} From the environment only.`);
  option.flags = variableOf(key);
  return option;
}

/** Whoever types it all the same is told where it goes; the message does not repeat the value. */
function refused(key: string): Option {
  const flag = `--${kebabCase(key)}`;
  return new Option(`${flag} <value>`).hideHelp().argParser(() => {
    throw new UsageError(
      `${flag} is taken from the environment only, as ${variableOf(key)}: a flag would be seen by others`,
    );
  });
}

const isVariable = ({ flags }: Option) => !flags.startsWith("-");

/** Values by the keys of the schema, of which some have another name on the command line. */
function byKey(verb: Verb, flags: Record<string, unknown>): Record<string, unknown> {
  const keys = keysByName(verb);
  return Object.fromEntries(Object.entries(flags).map(([flag, value]) => [keys.get(flag) ?? flag, value]));
}

/** One text for all of them, as an action's input or the environment has it: each may be a list itself. */
const collect = (value: string, before?: string) => (before === undefined ? value : `${before},${value}`);

function describe(description: string, schema: z.ZodType): string {
  const standard = defaultOf(schema);
  if (standard === undefined || (Array.isArray(standard) && standard.length === 0)) return description;
  return `${description} (default: ${showValue(standard)})`;
}
