import type { ListedVerb } from "./verb.ts";

/*
 * Written by `npm run generate` from registry.ts. A command loads the one verb that it asks for, and the list of commands
 * none: all of them, with what each needs to do its work, take several times as long as most commands.
 */

/** Every verb, in the order of the flow. */
export const CATALOGUE: readonly ListedVerb[] = [
  {
    name: "run",
    description: "The whole pipeline: starts the engine, measures, publishes the run and builds the site.",
    load: async () => (await import("./run/run.ts")).run,
  },
  {
    name: "start-engine",
    description: "Starts an engine and waits until it is healthy; or stops the one started before.",
    load: async () => (await import("./start-engine/start-engine.ts")).startEngine,
  },
  {
    name: "startup-benchmark",
    description: "Measures how long the engine takes to start, with an empty cache and with a filled one.",
    load: async () => (await import("./startup-benchmark/startup-benchmark.ts")).startupBenchmark,
  },
  {
    name: "latency-sweep",
    description: "Measures batch latency over a list of batch sizes with one engine.",
    load: async () => (await import("./latency-sweep/latency-sweep.ts")).latencySweep,
  },
  {
    name: "throughput-benchmark",
    description: "Measures tokens a second when an engine is handed all requests at once.",
    load: async () => (await import("./throughput-benchmark/throughput-benchmark.ts")).throughputBenchmark,
  },
  {
    name: "serve-benchmark",
    description: "Measures online serving: latencies and throughput at request rates or concurrencies.",
    load: async () => (await import("./serve-benchmark/serve-benchmark.ts")).serveBenchmark,
  },
  {
    name: "check-accuracy",
    description:
      "Says whether a served model answers right: a score with its interval, and what changed sample by sample.",
    load: async () => (await import("./check-accuracy/check-accuracy.ts")).checkAccuracy,
  },
  {
    name: "check-functional",
    description:
      "Holds a served model against a suite of cases: what of OpenAI's API it does, does otherwise, or lacks.",
    load: async () => (await import("./check-functional/check-functional.ts")).checkFunctional,
  },
  {
    name: "run-functional",
    description: "check-functional for the scripts of vllm_cibench: prints {chat, completions} as they read it.",
    load: async () => (await import("./run-functional/run-functional.ts")).runFunctional,
  },
  {
    name: "post-process",
    description:
      "Turns measured cells into the run document and its summary, says which cells passed the gates, and which numbers moved.",
    load: async () => (await import("./post-process/post-process.ts")).postProcess,
  },
  {
    name: "publish",
    description: "Appends run documents to the data branch.",
    load: async () => (await import("./publish/publish.ts")).publish,
  },
  {
    name: "notify",
    description: "Sends one Slack message with the run's link and what failed.",
    load: async () => (await import("./notify/notify.ts")).notify,
  },
  {
    name: "push-metrics",
    description: "Pushes the numbers of a daily run to a Prometheus Pushgateway, and reads them back.",
    load: async () => (await import("./push-metrics/push-metrics.ts")).pushMetrics,
  },
  {
    name: "build-site",
    description: "Turns a data branch into a static site.",
    load: async () => (await import("./build-site/build-site.ts")).buildSite,
  },
  {
    name: "history",
    description: "Shows numbers of the data branch by series, cell, host, ref and time; retracts, renames and accepts.",
    words: "task",
    load: async () => (await import("./history/history.ts")).history,
  },
  {
    name: "export",
    description: "Writes the data branch in a format of another tool.",
    load: async () => (await import("./export/export.ts")).exportData,
  },
  {
    name: "import",
    description: "Puts a history of another tool on the data branch; says first what it would do.",
    words: "files",
    load: async () => (await import("./import/import.ts")).importData,
  },
  {
    name: "validate",
    description: "Says what is wrong with a pitwall.yml, a run document, a cell, a record or a data-branch folder.",
    words: "files",
    load: async () => (await import("./registry.ts")).validate,
  },
  {
    name: "verify",
    description:
      "Checks every file of a data branch, and that it only added to a base; as a required check it keeps damage out.",
    load: async () => (await import("./verify/verify.ts")).verify,
  },
  {
    name: "compact",
    description: "Packs the runs of closed months into one file a month, and proves that none is lost.",
    load: async () => (await import("./compact/compact.ts")).compact,
  },
  {
    name: "build-image",
    description: "Builds images of engines in layers, from infra-gym's version specs or specs of our own.",
    words: "targets",
    load: async () => (await import("./build-image/build-image.ts")).buildImage,
  },
  {
    name: "evaluate",
    description:
      "Says whether patches pass the engine's own tests: each instance without the patch and with it, in containers.",
    words: "task",
    load: async () => (await import("./evaluate/evaluate.ts")).evaluate,
  },
  {
    name: "compare",
    description:
      "Compares two sides of the history; or with --live builds of an engine, measured side by side until it is decided.",
    words: "runs",
    load: async () => (await import("./compare/compare.ts")).compare,
  },
  {
    name: "compare-patches",
    description: "Compares agents' patches with the commits of humans, and both with the commits before.",
    load: async () => (await import("./compare-patches/compare-patches.ts")).comparePatches,
  },
  {
    name: "bisect",
    description: "Finds the commit, or the version, that changed a number: measured side by side on this machine.",
    load: async () => (await import("./bisect/bisect.ts")).bisect,
  },
  {
    name: "change-points",
    description: "Finds where the level of one's own numbers changes, as Apache Otava does.",
    words: "files",
    load: async () => (await import("./change-points/change-points.ts")).changePoints,
  },
  {
    name: "scenario",
    description:
      "A served model's CI: starts it or waits for it, checks its answers and its accuracy, measures, gates, pushes, cleans up.",
    words: "task",
    load: async () => (await import("./scenario/scenario.ts")).scenario,
  },
  {
    name: "doctor",
    description: "Says what is missing on this machine, with the fix.",
    words: "task",
    load: async () => (await import("./doctor/doctor.ts")).doctor,
  },
];
