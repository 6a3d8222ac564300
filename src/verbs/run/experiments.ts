import { join } from "node:path";
import { messageOf, UsageError, UserError } from "../../errors.ts";
import type { Combination } from "../../experiment/plan.ts";
import type { Experiments } from "../../experiment/schema.ts";
import { writeFileAtomically } from "../../files.ts";
import type { TriedCombination } from "../../report/experiments/experiment-csv.ts";
import {
  type ExperimentResults,
  experimentsMarkdown,
  experimentsText,
} from "../../report/experiments/experiment-summary.ts";
import type { ExperimentEnd } from "../../result/document/experiment.ts";
import type { Run } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";
import { runFile, summaryFile } from "../../working-folder/names.ts";
import { startEngine } from "../start-engine/start-engine.ts";
import type { Outcome } from "../verb.ts";
import { combinationsOf, inputsOf } from "./combinations.ts";
import { endOf, notRun } from "./end.ts";
import type { RunInputs } from "./inputs.ts";
import { configurationHash, documentIn, earlierEnds, writeManifest, writeTables } from "./manifest.ts";
import { planRun } from "./measure.ts";
import { buildOwnSite, runOnce } from "./once.ts";

/**
 * One engine a combination, each into a folder of its own; none that fails stops the rest, and the summary is written
 * whatever happens, also on Ctrl-C.
 * @throws UsageError before anything is touched, when none of the combinations could be run
 */
export async function runExperiments(experiments: Experiments, inputs: RunInputs, tools: Tools): Promise<Outcome> {
  const list = combinationsOf(experiments, inputs);
  await requireRunnable(list, inputs);
  const earlier = inputs.resume ? await earlierEnds(inputs.output) : new Map<string, ExperimentEnd>();
  await stopLeftovers(inputs, tools);
  const startedAt = new Date();
  const start = performance.now();
  const tried: TriedCombination[] = [];
  for (const [index, combination] of list.entries()) {
    const { name } = combination;
    const title = `Experiment ${index + 1} of ${list.length}: ${name}`;
    tried.push(await runCombination(combination, earlier.get(name), title, inputs, tools));
    earlier.delete(name);
    // What is still to come keeps how it ended before: a run that is killed must not lose it.
    await writeManifest(inputs.output, startedAt, [...tried.map(({ end }) => end), ...earlier.values()]);
    await writeTables(inputs.output, tried);
  }
  const seconds = (performance.now() - start) / 1000;
  const results = resultsOf(tried, seconds);
  await writeFileAtomically(summaryFile(inputs.output), experimentsMarkdown(results).source);
  const unpublished = results.ends
    .filter(({ published }) => published === false)
    .map(({ name }) => runFile(join(inputs.output, name)));
  return outcomeOf(results, list, { ...(await siteOf(inputs, results.ends, tools)), unpublished });
}

/** What is wrong with every combination is wrong with the command; what is wrong with one is its own failure. */
async function requireRunnable(list: readonly Combination[], inputs: RunInputs): Promise<void> {
  let problem: UsageError | undefined;
  for (const combination of list.filter(({ knownBad }) => knownBad === undefined)) {
    try {
      await planRun(inputsOf(combination, inputs));
      return;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problem ??= error;
    }
  }
  if (problem !== undefined) throw problem;
}

/** An engine that a killed run left behind holds the GPU and the port of all that come now. */
async function stopLeftovers({ output }: RunInputs, tools: Tools): Promise<void> {
  try {
    await startEngine.run(startEngine.inputs.parse({ output, stop: true }), tools);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tools.report.warning(error.message);
  }
}

async function runCombination(
  combination: Combination,
  before: ExperimentEnd | undefined,
  title: string,
  inputs: RunInputs,
  tools: Tools,
): Promise<TriedCombination> {
  const { name, knownBad } = combination;
  const { report, signal } = tools;
  const own = inputsOf(combination, inputs);
  const hash = configurationHash(own);
  if (knownBad !== undefined) {
    report.warning(`skipping ${name}: known not to work: ${knownBad}`);
    const end = notRun(combination, hash, { status: "skipped", reason: "known_bad", detail: knownBad });
    return { end, run: undefined };
  }
  const measured =
    before?.status === "ok" && before.configurationHash === hash ? await wholeRun(own, before) : undefined;
  if (before !== undefined && measured !== undefined) {
    report.info(`${name} was measured before: kept`);
    return { end: before, run: measured };
  }
  if (signal.aborted) {
    const end = notRun(combination, hash, { status: "cancelled", reason: "cancelled", detail: "it was never started" });
    return { end, run: undefined };
  }
  const start = performance.now();
  const outcome = await report.group(title, () => attempt(own, tools));
  const seconds = (performance.now() - start) / 1000;
  // A document of an earlier run may be left where this one did not come as far as clearing the folder.
  const run = "problem" in outcome ? undefined : await documentIn(own.output);
  return { end: endOf(combination, { outcome, run, seconds, hash }), run };
}

/** The document that an earlier run tells of, if it is still there and has all its numbers. */
async function wholeRun({ output }: RunInputs, { runId }: ExperimentEnd): Promise<Run | undefined> {
  const run = await documentIn(output);
  return run?.id === runId && run?.cells.every(({ status }) => status === "ok") ? run : undefined;
}

async function attempt(inputs: RunInputs, tools: Tools): Promise<Outcome | { problem: string }> {
  try {
    return await runOnce(inputs, tools);
  } catch (error) {
    // A bug met by one combination must not cost a night its other ones either.
    const problem = error instanceof UserError ? error.message : `bug in pitwall: ${messageOf(error)}`;
    tools.report.error(problem);
    return { problem };
  }
}

function resultsOf(tried: readonly TriedCombination[], seconds: number): ExperimentResults {
  const measured = tried.flatMap(({ end: { name }, run }) => (run === undefined ? [] : [{ name, run }]));
  return { ends: tried.map(({ end }) => end), measured, seconds };
}

interface Site {
  ok: boolean;
  sitePath: string | null;
  lines: string[];
}

async function siteOf(inputs: RunInputs, ends: readonly ExperimentEnd[], tools: Tools): Promise<Site> {
  const none = { sitePath: null, lines: [] };
  const hasNew = ends.some(({ runId, published }) => runId !== undefined && published !== false);
  if (inputs.skipSite || tools.signal.aborted || !hasNew) return { ok: true, ...none };
  try {
    const { sitePath, line } = await buildOwnSite(inputs, tools);
    return { ok: true, sitePath, lines: [line] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tools.report.error(error.message);
    return { ok: false, ...none };
  }
}

function outcomeOf(
  results: ExperimentResults,
  list: readonly Combination[],
  site: Site & { unpublished: string[] },
): Outcome {
  const { ends } = results;
  const failed = ends.filter(({ status }) => status === "failed" || status === "cancelled");
  return {
    ok: failed.length === 0 && site.ok,
    outputs: {
      experimentsOk: ends.filter(({ status }) => status === "ok").length,
      experimentsFailed: failed.length,
      experimentsSkipped: ends.filter(({ status }) => status === "skipped").length,
      combinations: JSON.stringify(list),
      sitePath: site.sitePath,
      unpublished: site.unpublished,
    },
    summary: experimentsMarkdown(results),
    text: [experimentsText(results), ...site.lines].join("\n"),
    failures: failed.map(({ name, reason = "environment", detail = "" }) => ({
      what: "combination",
      name,
      reason,
      detail,
    })),
  };
}
