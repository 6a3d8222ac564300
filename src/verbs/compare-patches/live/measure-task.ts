import { join } from "node:path";
import type { Arm } from "../../../arms/arm.ts";
import type { LiveComparison } from "../../../arms/live-comparison.ts";
import type { ArmRecord } from "../../../arms/states/arm-record.ts";
import { goingOn } from "../../../arms/statistics/boundary.ts";
import type { Design } from "../../../arms/statistics/decide.ts";
import { UserError } from "../../../errors.ts";
import type { Tools } from "../../../tools.ts";
import { holdFolder } from "../../../working-folder/hold.ts";
import { inputsOfArm } from "../../compare/live/arm-inputs.ts";
import { measureArms } from "../../compare/live/measure-arms.ts";
import { measureOnce } from "../../compare/live/measurement.ts";
import { prepareArms } from "../../compare/live/prepare.ts";
import type { RunInputs } from "../../run/inputs.ts";
import { planRun } from "../../run/measure.ts";
import { stopRecorded } from "../../start-engine/stop.ts";
import type { PlannedArm } from "../arms.ts";

/** How much is measured, and when. */
export interface Budget {
  margin: number;
  maxBlocks: number;
  maxGpuMinutes: number | undefined;
  quietWait: number;
  lockClocks: boolean;
}

interface Work extends Budget {
  /** Those that can be started. */
  arms: readonly PlannedArm[];
  /** What all are measured with. */
  inputs: RunInputs;
  /** A folder for this commit. */
  output: string;
}

/** What arms were measured as, in their order, and by what they are compared. */
interface Measured {
  records: ArmRecord[];
  design: Design;
  /** The smaller context of all, where one had no memory for more. */
  shrunk?: LiveComparison["shrunk"];
}

/** As the runner has it. */
const armOf = ({ name, image, patch }: PlannedArm): Arm => ({
  ...{ name, engine: "docker", engineArgs: [], image: image! },
  ...(patch === undefined ? {} : { patch: patch.text }),
});

/**
 * Measures the arms of a commit side by side, the human's as what all others are held against; where that has no numbers, the
 * baseline. One arm alone, or arms without either of the two, are measured once each.
 */
export async function measureTask(work: Work, tools: Tools): Promise<Measured> {
  const { arms, output } = work;
  const human = arms.find(({ kind }) => kind === "human");
  const baseline = arms.find(({ kind }) => kind === "baseline");
  const base = human ?? baseline;
  if (base === undefined || arms.length < 2) {
    const { margin, maxBlocks } = work;
    return { records: await measureAlone(work, tools), design: { margin, budgets: goingOn([], 0, maxBlocks) } };
  }
  let { records, design, shrunk } = await sideBySide(work, base, join(output, "all"), tools);
  const isLost = records.get(base.name)?.failure !== undefined;
  const others = arms.filter((arm) => arm !== base);
  if (isLost && base === human && baseline !== undefined && others.length > 1 && !tools.signal.aborted) {
    const rest = await sideBySide({ ...work, arms: others }, baseline, join(output, "without-human"), tools);
    records = new Map([...records, ...rest.records]);
    ({ design, shrunk } = rest);
  }
  return { records: arms.map(({ name }) => records.get(name)!), design, shrunk };
}

async function sideBySide(
  { arms, ...work }: Work,
  base: PlannedArm,
  output: string,
  tools: Tools,
): Promise<Omit<Measured, "records"> & { records: Map<string, ArmRecord> }> {
  const ordered = [base, ...arms.filter((arm) => arm !== base)].map(armOf);
  const question = { ...work, arms: ordered, output, withNull: false, clean: false };
  const { records, design, comparison } = await measureArms(question, tools);
  return { records: new Map(records.map((record) => [record.arm.name, record])), design, shrunk: comparison.shrunk };
}

/** Each once: there is nothing to hold it against. */
async function measureAlone({ arms, inputs, output }: Work, tools: Tools): Promise<ArmRecord[]> {
  await using _hold = await holdFolder(output);
  await stopRecorded(output, tools);
  const all = arms.map(armOf);
  await using builds = await prepareArms(all, output, tools);
  const records: ArmRecord[] = [];
  for (const arm of all) {
    const build = builds.of(arm);
    if (build.kind === "refused") records.push({ arm, measured: [], failure: build.failure, gaps: new Map() });
    else records.push(await measuredOnce(arm, { ...inputs, output: join(output, "alone", arm.name) }, build, tools));
  }
  return records;
}

async function measuredOnce(
  arm: Arm,
  inputs: RunInputs,
  build: { image?: string; env: NodeJS.ProcessEnv },
  tools: Tools,
): Promise<ArmRecord> {
  const own = { ...inputsOfArm(arm, inputs), image: build.image };
  const { cells } = await planRun(own);
  const attempt = await tools.report.group(arm.name, () =>
    measureOnce({ arm, inputs: own, cells }, { ...tools, env: build.env }),
  );
  const { run, gaps, maxModelLen } = attempt;
  const [failure] = gaps.values();
  if (failure !== undefined || run === undefined) return { arm, measured: [], failure: failure!, gaps };
  const at = (Date.parse(run.startedAt) + Date.parse(run.finishedAt)) / 2000;
  return { arm, measured: [{ block: 1, at, run, maxModelLen }], gaps };
}

/** @throws UserError for inputs that no run takes, before anything is started */
export async function checkInputs(arms: readonly PlannedArm[], inputs: RunInputs, output: string): Promise<void> {
  const [first] = arms;
  if (first?.image === undefined) throw new UserError("it has no arm that could be started");
  await planRun({ ...inputsOfArm(armOf(first), inputs), output });
}
