import { UsageError } from "../../errors.ts";
import type { Tools } from "../../tools.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { ScenarioInputs } from "./inputs.ts";
import { showManifest } from "./manifest.ts";
import { runMatrix } from "./matrix.ts";
import { newScenario } from "./new.ts";
import { showPlan } from "./plan.ts";
import { runNamed } from "./run.ts";
import { validateAll } from "./validate.ts";

type Task = (inputs: ScenarioInputs, words: readonly string[], tools: Tools) => Promise<Outcome>;

const TASKS: Record<string, Task> = {
  plan: (inputs, words, tools) => showPlan(inputs, idOf("plan", inputs, words), tools),
  run: (inputs, words, tools) => runNamed(inputs, idOf("run", inputs, words), tools),
  matrix: async (inputs, words, tools) => {
    if (words.length > 0 || inputs.scenario !== undefined) {
      throw new UsageError("scenario matrix runs all scenarios of the run type; for one: scenario run --scenario ID");
    }
    return runMatrix(inputs, tools);
  },
  validate: (inputs) => validateAll(inputs),
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
