import { kebabCase, variableOf } from "../../src/verbs/schema/resolve-inputs.ts";
import type { Verb } from "../../src/verbs/verb.ts";
import { inputsOf, titleOf } from "./action-yml.ts";
import type { Action } from "./actions.ts";
import { type Field, fieldsOf } from "./fields.ts";

const REPOSITORY = "pitwall-dev/pitwall";

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const code = (text: string) => `\`${text}\``;
const fence = (language: string, lines: readonly string[]) => [`\`\`\`${language}`, ...lines, "```"].join("\n");

/** The groups of `--help`, each below a row with its name. */
function inputsTable(fields: readonly Field[], nameOf: (field: Field) => string): string {
  const rows = [...Map.groupBy(fields, ({ group }) => group)].flatMap(([group, members]) => [
    [`**${group}**`, "", ""],
    ...members.map((field) => inputRow(field, nameOf(field))),
  ]);
  return table(["Input", "What it is", "Default"], rows);
}

function inputRow({ description, standard, required, secret }: Field, name: string): string[] {
  const shown = required ? "required" : standard === undefined ? "" : code(standard);
  return [code(name), description + (secret ? " Secret: never printed." : ""), shown];
}

function outputsTable({ outputs }: Verb): string {
  const rows = Object.entries(outputs).map(([key, description]) => [code(kebabCase(key)), description]);
  return table(["Output", "What it holds"], rows);
}

function permissionsText({ permissions }: Action): string {
  const lines = Object.entries(permissions).map(([scope, reason]) => `  ${scope}: ${reason}`);
  return lines.length === 0 ? "None." : fence("yaml", ["permissions:", ...lines]);
}

function usage({ folder, example }: Action): string {
  const path = folder === "." ? "" : `/${folder}`;
  const inputs = Object.entries(example).map(([name, value]) => `    ${name}: ${quoteIfNeeded(value)}`);
  return fence("yaml", [`- uses: ${REPOSITORY}${path}@v1`, ...(inputs.length > 0 ? ["  with:"] : []), ...inputs]);
}

/** YAML 1.1 reads 300:100 as a number of base 60. */
const quoteIfNeeded = (value: string) => (/\d:\d/.test(value) ? JSON.stringify(value) : value);

/** `actions/<verb>/README.md`. */
export function actionReadme(action: Action): string {
  const { verb, kind } = action;
  const post = kind === "post" ? "\n\nIts post step stops the engine, also after a failure or a cancel." : "";
  return `<!-- Written by \`npm run generate\` from src/verbs/${verb.name}/${verb.name}.ts. -->
# ${titleOf(action)}

${verb.description}${post}

## Permissions

${permissionsText(action)}

## Usage

${usage(action)}

## Inputs

Every input can also come from the environment (\`PITWALL_<INPUT>\`) or from \`pitwall.yml\`; what stands here wins.

${inputsTable(inputsOf(action), ({ name }) => name)}

## Outputs

${outputsTable(verb)}
`;
}

/** `docs/verbs.md`: every verb with its inputs and outputs. */
export function verbsPage(verbs: readonly Verb[], actions: readonly Action[]): string {
  const contents = verbs.map(({ name, description }) => [`[${name}](#${name})`, description]);
  return `<!-- Written by \`npm run generate\` from the schemas in src/verbs/. -->
# Verbs

${table(["Verb", "Does"], contents)}

On the command line an input \`input-len\` is the flag \`--input-len\`; a switch is \`--name\` or \`--no-name\`. Besides its
own inputs every verb takes \`--config FILE\` (default: pitwall.yml, if there is one), \`--json\`, \`--quiet\`, \`--debug\`
(the stack of an error, too) and \`--help\`. Groups and order are those of \`--help\` and of the action.yml.
Exit codes: 0 good, 1 the work failed, 2 wrong use.

${verbs.map((verb) => verbSection(verb, actions)).join("\n")}`;
}

function verbSection(verb: Verb, actions: readonly Action[]): string {
  const action = actions.find((candidate) => candidate.verb.name === verb.name);
  const words = verb.positional === undefined ? "" : ` [${verb.positional.toUpperCase()}…]`;
  const asAction =
    action === undefined ? "" : ` As a workflow step: [${actionName(action)}](../${action.folder}/${fileOf(action)}).`;
  return `## ${verb.name}

${code(`npx pitwall ${verb.name}${words}`)}

${verb.description}${asAction}
${presetsText(verb)}
${inputsTable(fieldsOf(verb), termOf)}

${outputsTable(verb)}
`;
}

const actionName = ({ folder }: Action) => code(folder === "." ? REPOSITORY : `${REPOSITORY}/${folder}`);
const fileOf = ({ folder }: Action) => (folder === "." ? "action.yml" : "README.md");

/** As `--help` calls it. */
function termOf({ group, key, name, secret }: Field): string {
  if (group === "Arguments") return name;
  return secret ? variableOf(key) : `--${name}`;
}

function presetsText({ presets = {} }: Verb): string {
  const rows = Object.entries(presets).map(([name, values]) => {
    const inputs = Object.entries(values).map(([key, value]) => code(`${kebabCase(key)}: ${String(value)}`));
    return [code(name), inputs.length > 0 ? inputs.join(", ") : "the defaults below"];
  });
  return rows.length === 0 ? "" : `\n${table(["Preset", "Sets"], rows)}\n`;
}
