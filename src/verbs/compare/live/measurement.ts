import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Arm } from "../../../arms/arm.ts";
import { messageOf, UserError } from "../../../errors.ts";
import { readJson, writeJson } from "../../../files.ts";
import type { CellPlan } from "../../../result/document/cell-plan.ts";
import type { Failure } from "../../../result/document/reason.ts";
import { Run } from "../../../result/document/run.ts";
import type { Tools } from "../../../tools.ts";
import { setAside } from "../../../working-folder/contents.ts";
import { runFile } from "../../../working-folder/names.ts";
import { postProcess, readEngines } from "../../post-process/post-process.ts";
import { pick, type RunInputs } from "../../run/inputs.ts";
import { configurationHash } from "../../run/manifest.ts";
import { measureRun, planRun } from "../../run/measure.ts";
import { withoutNoQuantization } from "../../start-engine/no-quantization.ts";

/** `measurement.json`: that one was ended, and with what it was made. */
const Record = z.strictObject({
  schema: z.literal("pitwall.measurement/1"),
  hash: z.string().meta({ description: "Of the arm and of all inputs: another comparison's measurement has another." }),
  maxModelLen: z.int().positive().nullable(),
  seconds: z.number().nonnegative(),
});

/** What one measurement came to. */
export interface Attempt {
  /** Absent where pitwall could not even make a document. */
  run?: Run;
  /** Cells without numbers; where that is all of them the arm has none. */
  gaps: ReadonlyMap<string, Failure>;
  maxModelLen: number | null;
  /** From before the engine's start to after its end. */
  seconds: number;
  /** It was measured by an earlier call. */
  isKept: boolean;
}

/** One measurement of an arm in a working folder of its own: `inputs.output`. */
export interface Task {
  arm: Arm;
  inputs: RunInputs;
  cells: readonly CellPlan[];
}

/** The whole measurement that an earlier call made of the same arm with the same inputs, if there is one. */
export async function keptMeasurement({ arm, inputs }: Task): Promise<Attempt | undefined> {
  const file = recordFile(inputs.output);
  if (!existsSync(file)) return undefined;
  const record = await readJson(file, Record).catch(() => undefined);
  if (record?.hash !== hashOf(arm, inputs)) return undefined;
  const run = await readJson(runFile(inputs.output), Run).catch(() => undefined);
  if (run === undefined) return undefined;
  return { run, gaps: new Map(), maxModelLen: record.maxModelLen, seconds: record.seconds, isKept: true };
}

/** Starts the arm's engine, measures, stops it, and makes a run document of it. @param tools with the arm's environment */
export async function measureOnce({ arm, inputs: given, cells }: Task, tools: Tools): Promise<Attempt> {
  const startMs = performance.now();
  const inputs = withoutNoQuantization(given, tools.report);
  await setAside(inputs.output);
  let problem: string | undefined;
  try {
    await measureRun(await planRun(inputs), inputs, tools);
    // Arms are held against each other, not against a history.
    await postProcess.run({ ...pick(postProcess, inputs), database: undefined }, tools);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problem = messageOf(error);
  }
  const seconds = (performance.now() - startMs) / 1000;
  const run = problem === undefined ? await readJson(runFile(inputs.output), Run) : undefined;
  const engines = run === undefined ? [] : await readEngines(inputs.output);
  const maxModelLen = engines.map((engine) => engine.maxModelLen).find((length) => length !== null) ?? null;
  const gaps = run === undefined ? allGone(cells, problem!) : gapsOf(run);
  if (run !== undefined && gaps.size === 0) {
    const hash = hashOf(arm, given);
    await writeJson(recordFile(inputs.output), { schema: "pitwall.measurement/1", hash, maxModelLen, seconds });
  }
  return { ...(run === undefined ? {} : { run }), gaps, maxModelLen, seconds, isKept: false };
}

const recordFile = (output: string) => join(output, "measurement.json");

/** Where it lies is not part of it, but the patch is; the layer that this is in has another name each time. */
function hashOf({ image, patch, program }: Arm, inputs: RunInputs): string {
  const text = JSON.stringify([configurationHash({ ...inputs, image }), program, patch]);
  return createHash("sha256").update(text).digest("hex");
}

const gapsOf = ({ cells }: Run): Map<string, Failure> =>
  new Map(
    cells.flatMap((cell) => (cell.status === "ok" ? [] : [[cell.id, { reason: cell.reason, detail: cell.detail }]])),
  );

const allGone = (cells: readonly CellPlan[], detail: string): Map<string, Failure> =>
  new Map(cells.map(({ id }) => [id, { reason: "environment", detail }]));
