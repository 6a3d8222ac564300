import { join } from "node:path";
import type { Arm } from "../../arms/arm.ts";
import type { Measure } from "../../arms/bisect/next-step.ts";
import type { Measured } from "../../arms/bisect/search.ts";
import { blockOrder } from "../../arms/order/block-order.ts";
import type { Timed } from "../../arms/statistics/pair-block.ts";
import { UserError } from "../../errors.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import type { MetricName } from "../../result/metrics/metric.ts";
import { headline } from "../../result/series/series.ts";
import { machineState, stateAfterEngine } from "../../telemetry/quiet/machine-state.ts";
import { waitUntilQuiet } from "../../telemetry/quiet/quiet.ts";
import type { Tools } from "../../tools.ts";
import { inputsOfArm } from "../compare/live/arm-inputs.ts";
import { type Attempt, keptMeasurement, measureOnce } from "../compare/live/measurement.ts";
import { environmentOf } from "../compare/live/prepare.ts";
import type { RunInputs } from "../run/inputs.ts";
import { type Build, shortName } from "./build/make-build.ts";

/** What a block is measured with, the same for all. */
export interface Bench {
  /** Names of commits or versions, the good end's first. */
  names: readonly string[];
  /** Measure one cell. */
  inputs: RunInputs;
  cell: CellPlan;
  metric: MetricName;
  output: string;
  /** Seconds, before each block. */
  quietWait: number;
  /** Whether an engine of this call ran here before. */
  hasMeasured: boolean;
  buildOf(name: string): Promise<Build>;
  /** Called after each measurement: whether an earlier call made it, and the seconds that an engine had. */
  onMeasured(attempt: Attempt): void;
}

/** A build that has no number, for good. */
class NoNumber extends Error {
  readonly commit: number;

  constructor(commit: number, message: string) {
    super(message);
    this.commit = commit;
  }
}

/**
 * One block of two builds, each measured twice in the order of its number.
 * @param block how many there were before
 * @throws UserError when one of the ends has no number, or somebody cancels
 */
export async function measureBlock(step: Measure, block: number, bench: Bench, tools: Tools): Promise<Measured> {
  const { commit, against } = step;
  try {
    const arms = new Map<number, Arm>();
    for (const one of [against, commit]) arms.set(one, await armOf(one, bench));
    await waitUntilQuiet(bench.quietWait, tools, bench.hasMeasured ? stateAfterEngine : machineState);
    const numbers = new Map<number, Timed[]>([commit, against].map((one) => [one, []]));
    for (const [place, one] of blockOrder([against, commit], block).entries()) {
      const folder = join(bench.output, "blocks", String(block + 1), `${place + 1}-${arms.get(one)!.name}`);
      const title = `Block ${block + 1} (${step.purpose}), ${place + 1} of 4: ${arms.get(one)!.name}`;
      numbers.get(one)!.push(await numberOf(one, { arm: arms.get(one)!, folder, title }, bench, tools));
    }
    const twice = (one: number) => numbers.get(one) as [Timed, Timed];
    return { kind: "block", block: { base: twice(against), arm: twice(commit) } };
  } catch (error) {
    if (!(error instanceof NoNumber)) throw error;
    const { commit: failed, message } = error;
    const name = shortName(bench.names[failed]!);
    const end = failed === 0 ? "good" : failed === bench.names.length - 1 ? "bad" : undefined;
    if (end !== undefined) throw new UserError(`the ${end} end, ${name}, cannot be measured: ${message}`);
    tools.report.warning(`${name} is skipped: ${message}`);
    return { kind: "skipped", commit: failed, detail: message };
  }
}

async function armOf(commit: number, { names, buildOf }: Bench): Promise<Arm> {
  const build = await buildOf(names[commit]!);
  if (build.kind === "ready") return build.arm;
  throw new NoNumber(commit, build.detail);
}

interface Place {
  arm: Arm;
  folder: string;
  title: string;
}

/** Once more where there is no number: a machine may have a bad moment, a bad build fails twice. */
async function numberOf(commit: number, { arm, folder, title }: Place, bench: Bench, tools: Tools): Promise<Timed> {
  const inputs = { ...inputsOfArm(arm, bench.inputs), ...measuredCommit(bench.names[commit]!), output: folder };
  const task = { arm, inputs, cells: [bench.cell] };
  const own = { ...tools, env: environmentOf(arm, tools.env) };
  let problem = "";
  for (const what of [title, `${title}, once more`]) {
    const kept = await keptMeasurement(task);
    if (kept !== undefined) tools.report.info(`${what}: measured before, kept`);
    const attempt = kept ?? (await tools.report.group(what, () => measureOnce(task, own)));
    tools.signal.throwIfAborted();
    bench.onMeasured(attempt);
    const found = numberIn(attempt, bench);
    if (typeof found !== "string") return found;
    problem = found;
  }
  throw new NoNumber(commit, problem);
}

/** So that each document says what it measured, whatever is checked out. */
const measuredCommit = (name: string) => (/^[0-9a-f]{40}$/.test(name) ? { commit: name } : {});

/** The number, or why there is none. */
function numberIn({ run, gaps }: Attempt, { cell: { id }, metric }: Bench): Timed | string {
  const cell = run?.cells.find((one) => one.id === id);
  if (run === undefined || cell?.status !== "ok") {
    const { reason, detail } = gaps.get(id) ?? { reason: "environment", detail: "it left no document" };
    return `${reason}: ${detail}`;
  }
  const value = headline(cell.metrics, metric);
  if (value === undefined) return `${id} has no ${metric}`;
  if (value <= 0) return `${metric} is ${value}, of which nothing is a ratio`;
  return { at: (Date.parse(run.startedAt) + Date.parse(run.finishedAt)) / 2, value };
}
