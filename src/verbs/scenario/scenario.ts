import { UsageError } from "../../errors.ts";
import type { Tools } from "../../tools.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { ScenarioInputs } from "./inputs.ts";
import { showManifest } from "./manifest.ts";
import { newScenario } from "./new.ts";

type Task = (inputs: ScenarioInputs, words: readonly string[], tools: Tools) => Promise<Outcome>;

/** Those that run stages bring all verbs of a scenario with them, and are loaded when they are asked for. */
const TASKS: Record<string, Task> = {
  plan: async (inputs, words, tools) =>
    (await import("./plan.ts")).showPlan(inputs, idOf("plan", inputs, words), tools),
  run: async (inputs, words, tools) => (await import("./run.ts")).runNamed(inputs, idOf("run", inputs, words), tools),
  matrix: async (inputs, words, tools) => {
    if (words.length > 0 || inputs.scenario !== undefined) {
      throw new UsageError("scenario matrix runs all scenarios of the run type; for one: scenario run --scenario ID");
    }
    return (await import("./matrix.ts")).runMatrix(inputs, tools);
  },
  validate: async (inputs, _, tools) => (await import("./validate.ts")).validateAll(inputs, tools),
  manifest: (inputs, words) => showManifest(inputs, idOf("manifest", inputs, words)),
  new: (inputs, words) => newScenario(inputs, idOf("new", inputs, words)),
};

export const scenario = defineVerb({
  name: "scenario",
  description:
    "A served model's CI: starts it or waits for it, checks its answers and its accuracy, measures, gates, pushes, cleans up.",
  inputs: ScenarioInputs,
  positional: "task",
  outputs: {
    good: "true when every stage that was to be done passed its gates.",
    failed: "Scenarios that did not.",
    pushed: "true when metrics were pushed.",
    resultFile: "Path of the JSON with all of it.",
    runFile: "Path of the run document, for publish.",
  },
  async run(inputs, tools) {
    const [word = "", ...words] = inputs.task;
    const task = Object.hasOwn(TASKS, word) ? TASKS[word] : undefined;
    if (task !== undefined) return task(inputs, words, tools);
    throw new UsageError(`scenario knows no “${word}”; it can: ${Object.keys(TASKS).join(", ")}`);
  },
});

/** The scenario may be named by flag, as vllm_cibench has it, or behind the word. */
function idOf(word: string, { scenario: given }: ScenarioInputs, words: readonly string[]): string {
  const [id = given, ...more] = words;
  if (id === undefined) throw new UsageError(`scenario ${word} needs a scenario: give --scenario ID`);
  if (more.length > 0 || (given !== undefined && given !== id)) {
    throw new UsageError(`scenario ${word} takes one scenario; for all of a run type: scenario matrix`);
  }
  return id;
}
