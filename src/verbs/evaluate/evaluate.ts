import { resolve } from "node:path";
import type { Instance } from "../../evaluate/instance.ts";
import { sourceOf } from "../../evaluate/repository/source.ts";
import { askedOf, writeAsked } from "../../evaluate/results/asked.ts";
import type { Graded } from "../../evaluate/results/graded.ts";
import { gradeFolder, writeResults } from "../../evaluate/results/results-folder.ts";
import type { Candidate } from "../../evaluate/work/candidate.ts";
import { evaluate as evaluateAll } from "../../evaluate/work/evaluation.ts";
import type { Evaluation, Finished } from "../../evaluate/work/plan.ts";
import { counted } from "../../result/counted.ts";
import type { Tools } from "../../tools.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { withProxies } from "../schema/proxies.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { candidatesOf } from "./candidates.ts";
import { withDemo } from "./demo.ts";
import { dryRun } from "./dry-run.ts";
import { FinishedSoFar } from "./finished.ts";
import { gpusOf } from "./gpus.ts";
import { EvaluateInputs } from "./inputs.ts";
import { type Asked, readAsked } from "./instances.ts";
import { checkBefore } from "./preflight.ts";
import { mergedLines, report } from "./report.ts";
import { instancesText, outcomeOf } from "./results.ts";
import { removeRunDocuments, runFacts, writeRunDocuments } from "./run-documents.ts";
import { cacheFolder, limitsOf, refuseForRuntime, runtimeOf, settingsOf } from "./runtime.ts";

export const evaluate = defineVerb({
  name: "evaluate",
  description:
    "Says whether patches pass the engine's own tests: each instance without the patch and with it, in containers.",
  inputs: EvaluateInputs,
  positional: "task",
  outputs: {
    instances: "Instances asked for.",
    resolved: "Those that the patch resolved; with several models those of each, as NAME=COUNT.",
    notResolved: "Ids of the others, with the model where there are several.",
    results: "Folder with the results.",
    runFiles: "Run documents for publish, one for each candidate.",
  },
  async run(given, outer) {
    if (given.task !== undefined) return await report(given.task);
    const tools = withProxies(outer, given);
    await using demo = await withDemo(given, tools);
    const { inputs } = demo;
    refuseForRuntime(inputs);
    const asked = await readAsked(inputs);
    if (inputs.dryRun) return await dryRun(inputs, asked, tools);
    const outcome = await evaluateAsked(inputs, asked, tools);
    // One of its models is wrong on purpose.
    return given.demo ? { ...outcome, ok: true } : outcome;
  },
});

async function evaluateAsked(inputs: EvaluateInputs, asked: Asked, tools: Tools): Promise<Outcome> {
  const output = resolve(inputs.output);
  const candidates = await candidatesOf(inputs, asked);
  await using _ = await holdFolder(output);
  await checkBefore(inputs, asked, tools);
  const facts = await runFacts(inputs.hostLabel, tools);
  const question = askedOf({ ...asked, ...facts, candidates, controls: inputs.controls });
  await removeRunDocuments(output, question);
  await writeAsked(output, question);
  const finished = new FinishedSoFar(question);
  const progress = tools.report.progress("Evaluation", asked.instances.length * candidates.length);
  const evaluation = await planOf(inputs, asked, candidates, output, tools);
  const onFinished = async (instance: Instance, one: Finished) => {
    const line = finished.add(instance.id, one);
    progress.update(finished.count);
    tools.report.info(line);
  };
  try {
    await evaluateAll({ ...evaluation, onFinished }, tools);
  } catch (error) {
    if (tools.signal.aborted) sayWhatIsDone(finished.graded(), tools);
    throw error;
  } finally {
    progress.end();
  }
  return await resultsOf(inputs, output);
}

function sayWhatIsDone(results: readonly Graded[], { report }: Tools): void {
  report.info(`ended early: ${results.length} finished, which --resume takes as they are`);
  if (results.length > 0) report.info(instancesText(results));
}

/** Grades all of it and writes what others read. */
async function resultsOf(inputs: EvaluateInputs, output: string): Promise<Outcome> {
  const evaluated = await gradeFolder(output);
  const summary = await writeResults(output, evaluated);
  const { mergeInto } = inputs;
  const runFiles = await writeRunDocuments(output, evaluated, summary);
  const merged = mergeInto === undefined ? [] : await mergedLines(inputs, evaluated.results, mergeInto);
  const outcome = outcomeOf(evaluated, summary, output);
  return { ...outcome, outputs: { ...outcome.outputs, runFiles }, text: [outcome.text, ...merged].join("\n") };
}

async function planOf(
  inputs: EvaluateInputs,
  { instances, specs }: Asked,
  candidates: Candidate[],
  output: string,
  tools: Tools,
): Promise<Omit<Evaluation, "onFinished">> {
  const { env } = tools;
  const gpus = await gpusOf(inputs, tools);
  const jobs = inputs.jobs ?? Math.max(1, gpus.length);
  tools.report.info(
    `${counted(instances.length, "instance")}, ${counted(candidates.length, "candidate")}, ${jobs} side by side`,
  );
  return {
    ...{ instances, candidates, output, gpus, jobs },
    runtime: runtimeOf(inputs, specs, env),
    settings: settingsOf(inputs),
    sourceOf: ({ repo }) => sourceOf(inputs.source, repo),
    mirrors: `${cacheFolder(env)}/mirrors`,
    runs: inputs.stability,
    limitsOf: limitsOf(inputs),
    resume: inputs.resume,
  };
}
