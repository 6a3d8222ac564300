import { existsSync } from "node:fs";
import { glob, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sourcedEnvironment } from "../../engine/launch/sourced-environment.ts";
import { forgetEngines, loadEngineRecord, saveReady } from "../../engine/record.ts";
import { stopLeftovers } from "../../engine/start.ts";
import { refuseForeignArguments } from "../../engine/vllm/version.ts";
import { UsageError } from "../../errors.ts";
import { writeJson } from "../../files.ts";
import { PITWALL } from "../../package-root.ts";
import type { Cell } from "../../result/document/cell.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { CANCELLED } from "../../result/document/reason.ts";
import { unmeasuredCell } from "../../result/document/unmeasured-cell.ts";
import { EngineStarts } from "../../startup/engine-starts.ts";
import { removeStartCaches, type StartedEngine } from "../../startup/start-cache.ts";
import { measureStarts, type StartsPlan } from "../../startup/start-cells.ts";
import type { Tools } from "../../tools.ts";
import { writeCell } from "../../working-folder/cells.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { engineFile, startupEngineFile } from "../../working-folder/names.ts";
import { outcomeOf } from "../benchmark/cells-outcome.ts";
import { following } from "../benchmark/follow.ts";
import { placeholderRecord } from "../benchmark/placeholder-record.ts";
import { prepareFolder } from "../benchmark/prepare-folder.ts";
import { cleanInput } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { repetitions } from "../schema/number-fields.ts";
import { engineInputs } from "../start-engine/inputs.ts";
import { withoutNoQuantization } from "../start-engine/no-quantization.ts";
import { engineOptions } from "../start-engine/options.ts";
import { defineVerb } from "../verb.ts";

const { foreground: _foreground, stop: _stop, truth: _truth, ...engineInputsOfStarts } = engineInputs;

export const startInputs = inGroup("Starts (startup-benchmark)", {
  coldStarts: repetitions("Starts to measure with an empty cache each.", { min: 0 }).default(3),
  warmStarts: repetitions("Starts to measure with the cache that one start before them filled.", { min: 0 }).default(3),
});
const Inputs = z.strictObject({ ...engineInputsOfStarts, ...cleanInput, ...startInputs });
type Inputs = z.output<typeof Inputs>;

/** Health is asked for more often than before other benchmarks: it is the end of what is measured. */
const POLL_SECONDS = 0.1;

/** @throws UsageError when the inputs do not fit together */
export function planStarts({ engine, coldStarts, warmStarts }: Pick<Inputs, "engine" | keyof typeof startInputs>) {
  if (engine === "remote") {
    throw new UsageError(
      "startup-benchmark starts its engine, which --engine remote does not: choose another --engine",
    );
  }
  if (engine === "kubernetes") {
    throw new UsageError(
      "startup-benchmark empties an engine's caches, which in a cluster it does not see: choose another --engine",
    );
  }
  const counts = Object.entries({ cold: coldStarts, warm: warmStarts } as const);
  const plans = counts.map(
    ([cache, iterations]): StartsPlan => ({
      id: `startup-benchmark/${cache}`,
      benchmark: "startup-benchmark",
      params: { cache: cache as StartsPlan["params"]["cache"], iterations },
    }),
  );
  const wanted = plans.filter(({ params }) => params.iterations > 0);
  if (wanted.length > 0) return wanted;
  throw new UsageError("--cold-starts 0 and --warm-starts 0 leave nothing to measure");
}

const NAME = "startup-benchmark";

export const startupBenchmark = defineVerb({
  name: NAME,
  description: "Measures how long the engine takes to start, with an empty cache and with a filled one.",
  inputs: Inputs,
  outputs: {
    cellsOk: "Kinds of start, cold and warm, of which every start came up.",
    cellsFailed: "Those of which one did not, or that were left out.",
  },
  async run(given, tools) {
    const inputs = withoutNoQuantization(given, tools.report);
    const plans = planStarts(inputs);
    await using _hold = await holdFolder(inputs.output);
    await using _logs = following(inputs, tools);
    const { engine, env } = await engineOf(inputs, tools);
    await refuseForeignArguments(engine, env);
    const wanted = { ...inputs, model: engine.model };
    const { staying } = await prepareFolder(inputs, plans, { ...wanted, kind: "startup" }, tools);
    const server = await recordOfServer(inputs.output, staying);
    await clear(plans, inputs.output, engine, tools);
    const starts = new EngineStarts(engine, { ...tools, env });
    const cells: Cell[] = [];
    try {
      for (const plan of plans) {
        const cell = tools.signal.aborted ? cancelledCell(plan) : await measureStarts(plan, starts, tools);
        await writeCell(inputs.output, cell);
        cells.push(cell);
      }
      // It runs no more: nobody may take it for an engine to measure.
      await forgetEngines(inputs.output);
    } finally {
      const record = starts.last ?? placeholderRecord(wanted);
      await writeJson(startupEngineFile(inputs.output), { ...record, startMeasured: true });
      if (server !== undefined) await saveReady(inputs.output, server);
      await removeStartCaches(engine, tools);
    }
    return outcomeOf(cells);
  },
});

/** The engine to start, and the environment for it; sourced here, so that nothing in a script moves the caches. */
async function engineOf(inputs: Inputs, tools: Tools): Promise<{ engine: StartedEngine; env: NodeJS.ProcessEnv }> {
  const { pollInterval = POLL_SECONDS, envScript } = inputs;
  const engine = engineOptions({ ...inputs, pollInterval, envScript: [] });
  if (engine.kind === "remote" || engine.kind === "kubernetes") throw new RangeError("refused when it was planned");
  return { engine, env: await sourcedEnvironment(envScript, tools.env) };
}

/** The record that served cells need, which goes with every start; its engine runs no more then. */
async function recordOfServer(output: string, staying: readonly Cell[]): Promise<EngineRecord | undefined> {
  const isServed = staying.some(({ benchmark, params }) => benchmark !== NAME && params.mode !== "offline");
  return isServed && existsSync(engineFile(output)) ? loadEngineRecord(output) : undefined;
}

/** What an earlier measurement of the same left: its logs; of a killed one also engine and caches. */
async function clear(plans: readonly StartsPlan[], output: string, engine: StartedEngine, tools: Tools): Promise<void> {
  await stopLeftovers(output, tools);
  await removeStartCaches(engine, tools);
  const kinds = plans.flatMap(({ params: { cache } }) => (cache === "warm" ? ["fill", "warm-*"] : ["cold-*"]));
  for await (const log of glob(`logs/startup-{${kinds.join(",")},}.log`, { cwd: output })) {
    await rm(join(output, log), { force: true });
  }
}

const cancelledCell = (plan: StartsPlan) => unmeasuredCell(plan, PITWALL, CANCELLED, new Date());
