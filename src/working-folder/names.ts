import { join } from "node:path";

/*
 * All that lies in a working folder `<out>`, whoever writes it.
 */

const CELLS = "cells";
const RAW = "raw";
const LOGS = "logs";
const EARLIER = "earlier";
const START_CACHE = "start-cache";
const RUN = "run.json";
const SUMMARY = "summary.md";
const ENGINE = "engine.json";
const STARTING_ENGINE = "engine.starting.json";
const OFFLINE_ENGINE = "engine-offline.json";
const STARTUP_ENGINE = "engine-startup.json";
const DRIVER = "driver.json";
const COMPARISON = "comparison.json";
const HISTORY_COMPARISON = "history-comparison.json";
const BISECT = "bisect.json";
const SCENARIO = "scenario.json";
const ACCURACY = "accuracy.json";
const FUNCTIONAL = "functional.json";
const EXPERIMENTS = "experiments.json";
const EXPERIMENTS_CSV = "experiments.csv";
const RESULTS_SUMMARY_CSV = "results_summary.csv";

/** No combination of an experiment, whose folder lies beside them, may take one of these for its own. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...[CELLS, RAW, LOGS, EARLIER, START_CACHE, RUN, SUMMARY],
  ...[ENGINE, STARTING_ENGINE, OFFLINE_ENGINE, STARTUP_ENGINE, DRIVER],
  ...[ACCURACY, FUNCTIONAL],
  ...[EXPERIMENTS, EXPERIMENTS_CSV, RESULTS_SUMMARY_CSV],
]);

export const cellsFolder = (output: string) => join(output, CELLS);
/** Files in the shape of other tools. */
export const rawFolder = (output: string) => join(output, RAW);
export const logsFolder = (output: string) => join(output, LOGS);
/** What lay in the folder before a run. */
export const earlierFolder = (output: string) => join(output, EARLIER);
/** Caches of the starts that are being measured. */
export const startCacheFolder = (output: string) => join(output, START_CACHE);
export const runFile = (output: string) => join(output, RUN);
export const summaryFile = (output: string) => join(output, SUMMARY);
/** Record of the server. */
export const engineFile = (output: string) => join(output, ENGINE);
/** The same while the engine is not ready yet, so that even then a killed pitwall leaves nothing behind. */
export const startingEngineFile = (output: string) => join(output, STARTING_ENGINE);
/** Record of the engine inside the driver of sweep and throughput. */
export const offlineEngineFile = (output: string) => join(output, OFFLINE_ENGINE);
/** Record of the engine whose starts were measured. */
export const startupEngineFile = (output: string) => join(output, STARTUP_ENGINE);
/** What drives an engine while it runs: the sweep's driver, or vLLM's own client. */
export const driverFile = (output: string) => join(output, DRIVER);
/** What came of builds side by side. */
export const comparisonFile = (output: string) => join(output, COMPARISON);
/** What came of two sides of the history. */
export const historyComparisonFile = (output: string) => join(output, HISTORY_COMPARISON);
/** What a search for the build that changed a number knows. */
export const bisectFile = (output: string) => join(output, BISECT);
/** What came of a scenario. */
export const scenarioFile = (output: string) => join(output, SCENARIO);
/** What a check of accuracy came to, sample by sample. */
export const accuracyFile = (output: string) => join(output, ACCURACY);
/** What a served model does and does not do, case by case. */
export const functionalFile = (output: string) => join(output, FUNCTIONAL);
export const experimentsFile = (output: string) => join(output, EXPERIMENTS);
export const experimentsCsvFile = (output: string) => join(output, EXPERIMENTS_CSV);
export const resultsSummaryCsvFile = (output: string) => join(output, RESULTS_SUMMARY_CSV);
