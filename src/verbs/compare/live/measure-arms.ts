import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Arm, NULL_ARM } from "../../../arms/arm.ts";
import { LiveComparison } from "../../../arms/live-comparison.ts";
import { comparisonLines } from "../../../arms/report/comparison-lines.ts";
import { comparisonRun } from "../../../arms/report/comparison-run.ts";
import { comparisonMarkdown } from "../../../arms/report/comparison-table.ts";
import { type ArmRecord, blameOf } from "../../../arms/states/arm-record.ts";
import type { Design } from "../../../arms/statistics/decide.ts";
import { readJson, writeFileAtomically, writeJson } from "../../../files.ts";
import { present } from "../../../result/present.ts";
import { type LockedClocks, lockClocks } from "../../../telemetry/quiet/lock-clocks.ts";
import { type QuietLooks, QuietWatch } from "../../../telemetry/quiet/quiet.ts";
import type { Tools } from "../../../tools.ts";
import { holdFolder } from "../../../working-folder/hold.ts";
import { comparisonFile, runFile, summaryFile } from "../../../working-folder/names.ts";
import type { RunInputs } from "../../run/inputs.ts";
import { planRun } from "../../run/measure.ts";
import { stopRecorded } from "../../start-engine/stop.ts";
import { inputsOfArm, withOneMode } from "./arm-inputs.ts";
import { type Builds, prepareArms } from "./prepare.ts";
import { Session } from "./session.ts";

export interface Question {
  /** Two or more, the base first, each with a name of its own that `ARM_NAME` allows. */
  arms: readonly Arm[];
  /** What all are measured with: `RunInputs.parse({ … })`, of which the engine's build is each arm's own. */
  inputs: RunInputs;
  /** Folder for all of it. */
  output: string;
  margin: number;
  maxBlocks: number;
  /** That engines may have the device, all together. */
  maxGpuMinutes?: number | undefined;
  /** Adds the base again, as an arm called `null`. */
  withNull: boolean;
  /** Begins anew; else measurements of the same arm with the same inputs that lie in the folder are taken. */
  clean: boolean;
  /** Seconds to wait for a quiet machine before blocks, all together; 0 does not look. */
  quietWait: number;
  lockClocks: boolean;
}

export interface Answer {
  comparison: LiveComparison;
  /** What each arm was measured as, the base first: its run documents by block, its failure, its cells without numbers. */
  records: readonly ArmRecord[];
  /** By which they were compared. */
  design: Design;
}

/**
 * Measures builds of an engine side by side, one engine at a time, in balanced blocks, until every comparison with the base is
 * decided or the budget ends. Call it with the arms, the inputs that they share and a folder of its own; it writes
 * `<output>/comparison.json`, `summary.md`, a run document (where the base has numbers) and a working folder for each
 * measurement, and stops and removes whatever it started, also on an abort. Called again with the same question it goes on.
 * @throws UsageError before anything is started, when an arm could not be measured with these inputs
 */
export async function measureArms(question: Question, tools: Tools): Promise<Answer> {
  const { output, withNull } = question;
  const [base] = question.arms;
  const arms = withNull ? [...question.arms, { ...base!, name: NULL_ARM }] : [...question.arms];
  const inputs = withOneMode(question.inputs, arms);
  const inputsOf = (arm: Arm) => inputsOfArm(arm, inputs);
  const plans = [];
  for (const arm of arms) plans.push(await planRun({ ...inputsOf(arm), output }));
  await using _hold = await holdFolder(output);
  await stopRecorded(output, tools);
  if (question.clean) await rm(join(output, "blocks"), { recursive: true, force: true });
  // It would be another comparison's where the base has no numbers now.
  await rm(runFile(output), { force: true });
  const started = { at: new Date(), ms: performance.now() };
  await using builds = await prepareArms(arms, output, tools);
  const quiet = new QuietWatch(question.quietWait, tools);
  await using clocks = question.lockClocks ? await lockClocks(tools) : undefined;
  const session = sessionOf(question, { arms, inputsOf, builds, cells: plans[0]!.cells, quiet }, tools);
  const earlier = await earlierCall(question);
  if (earlier !== undefined) await session.goOnFrom(earlier);
  const state = () => ({ question, session, quiet: quiet.told, clocks, started });
  const end = await session.run(async () => {
    const soFar = report(state(), "cancelled");
    await write(output, soFar, session);
    for (const line of comparisonLines(soFar.comparisons, LINES_A_BLOCK)) tools.report.info(line);
  });
  const comparison = report(state(), end);
  await write(output, comparison, session);
  return { comparison, records: session.ledger.records, design: session.design };
}

/** The whole table comes at the end. */
const LINES_A_BLOCK = 4;

interface Planned {
  arms: readonly Arm[];
  inputsOf(arm: Arm): RunInputs;
  builds: Builds;
  cells: Awaited<ReturnType<typeof planRun>>["cells"];
  quiet: QuietWatch;
}

function sessionOf(
  { margin, maxBlocks, output, maxGpuMinutes = Number.POSITIVE_INFINITY }: Question,
  planned: Planned,
  tools: Tools,
): Session {
  return new Session({ ...planned, margin, maxBlocks, output, maxSeconds: 60 * maxGpuMinutes }, tools);
}

/** What an earlier call in this folder came to; undefined for none, or a broken file. */
async function earlierCall({ clean, output }: Question): Promise<LiveComparison | undefined> {
  if (clean || !existsSync(comparisonFile(output))) return undefined;
  return await readJson(comparisonFile(output), LiveComparison).catch(() => undefined);
}

interface State {
  question: Question;
  session: Session;
  quiet: QuietLooks | undefined;
  clocks: LockedClocks | undefined;
  started: { at: Date; ms: number };
}

function report({ question, session, quiet, clocks, started }: State, end: LiveComparison["end"]): LiveComparison {
  const { comparisons, ledger } = session;
  const { records } = ledger;
  const ofNull = comparisons.filter(({ arm }) => arm === NULL_ARM);
  const falseAlarms = ofNull.filter(({ state }) => ["wins", "loses", "bought"].includes(state)).length;
  return LiveComparison.parse({
    schema: "pitwall.comparison/1",
    startedAt: started.at.toISOString(),
    finishedAt: new Date().toISOString(),
    ...{ end, blocks: session.progress.blocks, looks: session.progress.looks, comparisons },
    ...{ margin: question.margin, budgets: [...session.progress.budgets] },
    arms: records.map((record) => armReport(record, records)),
    ...present({
      quiet,
      clocks: clocks && present({ mhz: clocks.mhz, problem: clocks.problem }),
      nullArm: question.withNull ? { comparisons: ofNull.length, falseAlarms } : undefined,
      shrunk: session.shrunk,
    }),
    time: {
      ...ledger.spent,
      totalSeconds: (performance.now() - started.ms) / 1000,
      waitedSeconds: quiet?.waitedSeconds ?? 0,
    },
  } satisfies LiveComparison);
}

function armReport(record: ArmRecord, all: readonly ArmRecord[]): LiveComparison["arms"][number] {
  const { arm, measured, failure } = record;
  const whose = blameOf(record, all);
  const { reason, detail } = failure ?? {};
  return {
    name: arm.name,
    measurements: measured.length,
    ...(reason === undefined ? {} : { failure: { reason, detail: detail!, whose: whose! } }),
  };
}

async function write(output: string, comparison: LiveComparison, { ledger }: Session): Promise<void> {
  await writeJson(comparisonFile(output), comparison);
  await writeFileAtomically(summaryFile(output), comparisonMarkdown(comparison).source);
  const [base] = ledger.records[0]!.measured;
  if (base !== undefined) await writeJson(runFile(output), comparisonRun(comparison, base.run));
}
