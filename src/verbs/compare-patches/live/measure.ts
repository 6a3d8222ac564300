import { join, resolve } from "node:path";
import { type ArmResult, ENDS } from "../../../arms/commits/arm-result.ts";
import type { ArmRecord } from "../../../arms/states/arm-record.ts";
import { messageOf, UserError } from "../../../errors.ts";
import { counted } from "../../../result/counted.ts";
import type { Tools } from "../../../tools.ts";
import { holdFolder } from "../../../working-folder/hold.ts";
import type { RunInputs } from "../../run/inputs.ts";
import type { PlannedArm } from "../arms.ts";
import type { ComparePatchesInputs } from "../inputs.ts";
import type { Parameters } from "../parameters.ts";
import type { PlannedTask } from "../plan.ts";
import { measureAgain } from "./another-load.ts";
import { checkBuilds } from "./check-builds.ts";
import { type Budget, checkInputs, measureTask } from "./measure-task.ts";
import { measuredOutcomes, questionOf, refusedOutcome } from "./outcomes.ts";
import { earlierResult, writeOutcome } from "./results.ts";
import { runInputsFor } from "./run-inputs.ts";

/** How a call went, beside the results that it wrote. */
export interface Measured {
  /** Commits that were measured by this call. */
  measured: number;
  /** Those whose results of an earlier call were kept. */
  kept: number;
}

/** Measures commits one after the other and writes a result of each arm as it ends. */
export async function measureTasks(
  tasks: readonly PlannedTask[],
  inputs: ComparePatchesInputs,
  tools: Tools,
): Promise<Measured> {
  const output = resolve(inputs.output);
  await using _hold = await holdFolder(output);
  const count: Measured = { measured: 0, kept: 0 };
  for (const [index, task] of tasks.entries()) {
    tools.signal.throwIfAborted();
    tools.report.info(`commit ${index + 1} of ${tasks.length}: ${task.pair.commit}`);
    const came = await measureOne(task, inputs, output, tools);
    if (came !== "left out") count[came] += 1;
  }
  return count;
}

async function measureOne(
  task: PlannedTask,
  inputs: ComparePatchesInputs,
  output: string,
  tools: Tools,
): Promise<"measured" | "kept" | "left out"> {
  const { pair, arms, parameters, problem } = task;
  const earlier = new Map<PlannedArm, ArmResult | undefined>();
  for (const arm of arms) earlier.set(arm, await earlierResult(output, pair.short, arm));
  if (inputs.retryFailed && !arms.some((arm) => isFailed(earlier.get(arm)))) return "left out";
  if (parameters === undefined) {
    tools.report.warning(`${pair.short} is not measured: ${problem}`);
    await refuse(task, arms, output, (arm) => arm.refused ?? { end: "skipped", detail: problem! });
    return "left out";
  }
  await refuse(task, arms, output, ({ refused }) => refused);
  const ready = arms.filter(({ refused }) => refused === undefined);
  for (const { name, refused } of arms)
    if (refused !== undefined) tools.report.warning(`${pair.short} ${name} is left out: ${refused.detail}`);
  if (ready.length === 0) return "left out";
  const isKept = (arm: PlannedArm) => {
    const result = earlier.get(arm);
    if (result?.end !== "measured" || result.question !== questionOf(arm, parameters)) return false;
    if (arm.kind !== "agent") return true;
    return (
      (!inputs.anotherLoad || result.anotherLoad !== undefined) &&
      (!inputs.checkAnswers || result.answers !== undefined) &&
      (!inputs.checkAccuracy || result.accuracy !== undefined)
    );
  };
  if (ready.every(isKept)) {
    tools.report.info(`${pair.short}: measured before, kept`);
    return "kept";
  }
  const runInputs = runInputsFor(parameters, inputs);
  const work = join(output, "work", pair.short);
  try {
    await checkInputs(ready, runInputs, work);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tools.report.warning(`${pair.short} is not measured: ${messageOf(error)}`);
    await refuse(task, ready, output, () => ({ end: "skipped", detail: messageOf(error) }));
    return "left out";
  }
  await measureReady({ ...task, parameters }, ready, { runInputs, inputs, output, work }, tools);
  return "measured";
}

interface Place {
  runInputs: RunInputs;
  inputs: ComparePatchesInputs;
  output: string;
  /** Folder of the commit's measurements. */
  work: string;
}

async function measureReady(
  task: PlannedTask & { parameters: Parameters },
  ready: readonly PlannedArm[],
  { runInputs, inputs, output, work }: Place,
  tools: Tools,
): Promise<void> {
  const budget = budgetOf(inputs);
  const { records, ...how } = await measureTask({ ...budget, arms: ready, inputs: runInputs, output: work }, tools);
  // What a cancelled call has no numbers of was not tried.
  tools.signal.throwIfAborted();
  const measured = ready.map((arm, index) => ({ arm, record: records[index]! }));
  const place = { budget, inputs, output: join(work, "another-load") };
  const again = inputs.anotherLoad ? await measureAgain(task, measured, place, tools) : undefined;
  const checks = { answers: inputs.checkAnswers, accuracy: inputs.checkAccuracy };
  const asking = { checks, inputs: runInputs, output: join(work, "answers") };
  const isAsked = checks.answers || checks.accuracy;
  const checked = isAsked ? await checkBuilds(withBaseFirst(measured), asking, tools) : undefined;
  tools.signal.throwIfAborted();
  const outcomes = measuredOutcomes(task, ready, records, { ...how, at: new Date() });
  for (const [index, outcome] of outcomes.entries()) {
    const arm = ready[index]!;
    await writeOutcome(output, arm, { ...outcome, anotherLoad: again?.get(arm.name), ...checked?.get(arm.name) });
  }
}

/** Agents' patches are the baseline's, and so should their answers be. */
function withBaseFirst(measured: readonly { arm: PlannedArm; record: ArmRecord }[]): ArmRecord[] {
  const of = (kind: PlannedArm["kind"]) => measured.filter(({ arm }) => arm.kind === kind).map(({ record }) => record);
  return [...of("baseline"), ...of("human"), ...of("agent")];
}

const isFailed = (result: ArmResult | undefined) =>
  result !== undefined && result.end !== "measured" && result.end !== "skipped";

/** Writes a result of each arm that is not run, and why. */
async function refuse(
  task: PlannedTask,
  arms: readonly PlannedArm[],
  output: string,
  whyOf: (arm: PlannedArm) => PlannedArm["refused"],
): Promise<void> {
  for (const arm of arms) {
    const why = whyOf(arm);
    if (why === undefined) continue;
    const detail = why.detail || ENDS[why.end];
    await writeOutcome(output, arm, refusedOutcome(task, arm, why.end, detail, new Date()));
  }
}

const budgetOf = ({ margin, maxBlocks, maxGpuMinutes, quietWait, lockClocks }: ComparePatchesInputs): Budget => ({
  ...{ margin, maxBlocks, maxGpuMinutes, quietWait, lockClocks },
});

export const measuredText = ({ measured, kept }: Measured): string =>
  `${counted(measured, "commit")} measured, ${kept} kept of earlier calls`;
