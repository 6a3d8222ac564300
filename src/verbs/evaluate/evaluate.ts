import { resolve } from "node:path";
import type { Instance } from "../../evaluate/instance.ts";
import { sourceOf } from "../../evaluate/repository/source.ts";
import { askedOf, writeAsked } from "../../evaluate/results/asked.ts";
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
import { gpusOf } from "./gpus.ts";
import { EvaluateInputs } from "./inputs.ts";
import { type Asked, readAsked } from "./instances.ts";
import { checkBefore } from "./preflight.ts";
import { mergedLines, report, totalLines } from "./report.ts";
import { Results } from "./results.ts";
import { cacheFolder, limitsOf, runtimeOf, settingsOf } from "./runtime.ts";

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
  },
  async run(given, outer) {
    if (given.task !== undefined) return await report(given.task);
    const tools = withProxies(outer, given);
    await using demo = await withDemo(given, tools);
    const { inputs } = demo;
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
  await writeAsked(output, askedOf({ ...asked, candidates, controls: inputs.controls }));
  const results = new Results(
    asked.instances,
    candidates.map(({ name }) => name),
    output,
  );
  const total = asked.instances.length * candidates.length;
  const progress = tools.report.progress("Evaluation", total);
  const evaluation = await planOf(inputs, asked, candidates, output, tools);
  const onFinished = async (instance: Instance, finished: Finished) => {
    const line = results.add(instance, finished);
    progress.update(results.count);
    tools.report.info(line);
  };
  try {
    await evaluateAll({ ...evaluation, onFinished }, tools);
  } finally {
    progress.end();
  }
  const evaluated = await gradeFolder(output);
  const { candidates: summaries } = await writeResults(output, evaluated);
  const merged = inputs.mergeInto === undefined ? [] : await mergedLines(inputs, evaluated.results, inputs.mergeInto);
  const outcome = results.outcome();
  return { ...outcome, text: [outcome.text, ...totalLines(summaries), ...merged].join("\n") };
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
