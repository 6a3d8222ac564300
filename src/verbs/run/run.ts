import { UsageError } from "../../errors.ts";
import { withAxes } from "../../experiment/schema.ts";
import { lockClocks } from "../../telemetry/quiet/lock-clocks.ts";
import { waitUntilQuiet } from "../../telemetry/quiet/quiet.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { postProcess } from "../post-process/post-process.ts";
import { publish } from "../publish/publish.ts";
import { refuseStrayMinutes } from "../serve-benchmark/loads.ts";
import { withoutNoQuantization } from "../start-engine/no-quantization.ts";
import { triggerFacts } from "../trigger/trigger.ts";
import { defineVerb } from "../verb.ts";
import { dryRun } from "./dry-run.ts";
import { runExperiments } from "./experiments.ts";
import { RunInputs } from "./inputs.ts";
import { runOnce } from "./once.ts";
import { showPlan } from "./plan.ts";

export const run = defineVerb({
  name: "run",
  description: "The whole pipeline: starts the engine, measures, publishes the run and builds the site.",
  inputs: RunInputs,
  presets: {
    // Anything may go on beside a demonstration, and its engine shares the machine with its client.
    demo: {
      coldStarts: 1,
      warmStarts: 1,
      warmup: 1,
      iterations: 2,
      minutes: 0.1,
      warmupRequests: 2,
      throughputPrompts: 200,
      clientLimits: "off",
    },
    // Does it come up and answer at all? The numbers mean nothing.
    sanity: {
      ...{ coldStarts: 1, warmStarts: 1 },
      ...{ batchSizes: [1], inputLen: 8, outputLen: 8, warmup: 1, iterations: 1 },
      ...{ pairs: "8:8", concurrency: [2], numPrompts: 4, warmupRequests: 0, clientLimits: "off" },
      throughputPrompts: 4,
      ...{ startTimeout: 180, requestTimeout: 300 },
    },
    quick: { warmup: 3, iterations: 10, minutes: 0.5, warmupRequests: 5 },
    standard: {},
  },
  outputs: {
    ...postProcess.outputs,
    published: "true when the run is on the data branch.",
    sitePath: "Folder of the built site.",
    unpublished: publish.outputs.unpublished!,
    combinations: "Of experiments: the list, as JSON; a workflow gets none above 1 MB: give shard.",
    matrix: "Of experiments with plan: strategy.matrix of a workflow that spreads them over runners, as JSON.",
    experimentsOk: "Of experiments: combinations whose cells all have numbers.",
    experimentsFailed: "Of experiments: combinations that failed or were cancelled.",
    experimentsSkipped: "Of experiments: combinations that a rule left out.",
  },
  refuse: refuseStrayMinutes,
  async run(all, tools) {
    const inputs = withoutNoQuantization(all, tools.report);
    const { experiments: given, axis, ...single } = inputs;
    const experiments = withAxes(given, axis);
    const stray = [inputs.plan && "--plan", inputs.shard && "--shard", inputs.resume && "--resume"].find(Boolean);
    if (stray && experiments === undefined) {
      throw new UsageError(`${stray} goes with experiments: name their axes in pitwall.yml, or leave it out`);
    }
    if (experiments !== undefined && (inputs.plan || inputs.dryRun)) return showPlan(experiments, single);
    if (inputs.dryRun) return dryRun(single, tools);
    // What is wrong with it would else be said after the measuring.
    await triggerFacts(single, tools.env);
    await using _hold = await holdFolder(inputs.output);
    await waitUntilQuiet(inputs.quietWait, tools);
    await using _clocks = inputs.lockClocks ? await lockClocks(tools) : undefined;
    return await (experiments === undefined ? runOnce(inputs, tools) : runExperiments(experiments, single, tools));
  },
});
