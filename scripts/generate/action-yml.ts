import { stringify } from "yaml";
import { kebabCase, variableOf } from "../../src/verbs/schema/resolve-inputs.ts";
import { type Action, expression } from "./actions.ts";
import { type Field, fieldsOf } from "./fields.ts";

const CONFIG_INPUT: Field = {
  group: "Common",
  key: "config",
  name: "config",
  description: "File with inputs (default: pitwall.yml, if there is one).",
  standard: undefined,
  required: false,
  secret: false,
};

export const titleOf = ({ folder, verb }: Action) => (folder === "." ? "pitwall" : `pitwall ${verb.name}`);
export const inputsOf = ({ verb, hidden }: Action) => [...fieldsOf(verb, hidden), CONFIG_INPUT];

/**
 * The action.yml of an action. Its inputs have no `default:` and none is `required:`, because what GitHub fills in would
 * win over pitwall.yml; the text says both.
 */
export function actionYml(action: Action): string {
  const { verb } = action;
  const content = {
    name: titleOf(action),
    description: verb.description,
    author: "pitwall contributors",
    branding: { icon: "activity", color: "blue" },
    inputs: Object.fromEntries(inputsOf(action).map((field) => [field.name, { description: describe(field) }])),
    outputs: outputsOf(action),
    runs: action.kind === "composite" ? compositeRuns(action) : nodeRuns(action),
  };
  return `# Written by \`npm run generate\` from src/verbs/${verb.name}/${verb.name}.ts.\n${stringify(content, { lineWidth: 120 })}`;
}

function describe({ description, standard, required }: Field): string {
  const extra = required ? " Required, here or in pitwall.yml." : standard === undefined ? "" : ` Default: ${standard}`;
  return plain(description + extra);
}

/** GitHub evaluates expressions in descriptions, and then refuses to load the action (actions/runner). */
const plain = (text: string) => text.replaceAll(/\$\{\{([^{}]*)\}\}/g, (_, inner: string) => inner.trim());

function outputsOf({ verb, kind }: Action) {
  const entries = Object.entries(verb.outputs).map(([key, description]) => {
    const name = kebabCase(key);
    const value = kind === "composite" ? { value: expression(`steps.verb.outputs.${name}`) } : {};
    return [name, { description: plain(description), ...value }];
  });
  return Object.fromEntries(entries);
}

function nodeRuns({ folder, verb, kind }: Action) {
  const dist = folder === "." ? "dist" : "../../dist";
  const post = kind === "post" ? { post: `${dist}/stop-engine.mjs`, "post-if": "always()" } : {};
  return { using: "node24", main: `${dist}/${verb.name}.mjs`, ...post };
}

const INSTALL = `if ! node --eval 'process.exit(Number.parseInt(process.versions.node) < 24 ? 1 : 0)'; then
  echo "::error::build-site needs Node 24 or newer on PATH: put actions/setup-node before it"
  exit 1
fi
cd "$GITHUB_ACTION_PATH/../.."
test -d node_modules/astro || npm ci --omit=dev --ignore-scripts --no-audit --no-fund
`;

/** Inputs travel as environment variables: an expression inside `run:` would let an input's text become a command. */
function compositeRuns(action: Action) {
  const inputs = fieldsOf(action.verb, action.hidden).map(({ key, name }) => {
    const variable = variableOf(key);
    return [variable, expression(`inputs.${name} || env.${variable}`)];
  });
  return {
    using: "composite",
    steps: [
      {
        name: "Install what the site is built with",
        shell: "bash",
        run: INSTALL,
      },
      {
        name: titleOf(action),
        id: "verb",
        shell: "bash",
        run: `node "$GITHUB_ACTION_PATH/../../dist/${action.verb.name}.mjs"`,
        env: { ...Object.fromEntries(inputs), INPUT_CONFIG: expression("inputs.config") },
      },
    ],
  };
}
