import { compareWithComment } from "../../src/github/compare-with-comment.ts";
import { runWithArtifact } from "../../src/github/run-with-artifact.ts";
import { bisect } from "../../src/verbs/bisect/bisect.ts";
import { buildImage } from "../../src/verbs/build-image/build-image.ts";
import { buildSite } from "../../src/verbs/build-site/build-site.ts";
import { checkAccuracy } from "../../src/verbs/check-accuracy/check-accuracy.ts";
import { checkFunctional } from "../../src/verbs/check-functional/check-functional.ts";
import { comparePatches } from "../../src/verbs/compare-patches/compare-patches.ts";
import { evaluate } from "../../src/verbs/evaluate/evaluate.ts";
import { latencySweep } from "../../src/verbs/latency-sweep/latency-sweep.ts";
import { notify } from "../../src/verbs/notify/notify.ts";
import { postProcess } from "../../src/verbs/post-process/post-process.ts";
import { publish } from "../../src/verbs/publish/publish.ts";
import { pushMetrics } from "../../src/verbs/push-metrics/push-metrics.ts";
import { scenario } from "../../src/verbs/scenario/scenario.ts";
import { serveBenchmark } from "../../src/verbs/serve-benchmark/serve-benchmark.ts";
import { startEngine } from "../../src/verbs/start-engine/start-engine.ts";
import { startupBenchmark } from "../../src/verbs/startup-benchmark/startup-benchmark.ts";
import { throughputBenchmark } from "../../src/verbs/throughput-benchmark/throughput-benchmark.ts";
import type { Verb } from "../../src/verbs/verb.ts";
import { verify } from "../../src/verbs/verify/verify.ts";

/** As a workflow evaluates it. */
export const expression = (text: string) => `\${{ ${text} }}`;

/** What an action is beyond its verb. */
export interface Action {
  /** Folder of its action.yml, from the root of the repository. */
  folder: string;
  verb: Verb;
  /** `post`: node with a post step that stops the engine. */
  kind: "node" | "post" | "composite";
  /** Inputs that make sense in a terminal only. */
  hidden?: string[];
  /** Job permissions it needs, each with the reason. */
  permissions: Record<string, string>;
  /** `with:` of the example. */
  example: Record<string, string>;
}

const WRITE = { contents: "write # to push the run to the data branch" };
const READ = { contents: "read # to read the data branch, where database names it" };
const NONE = {};

export const ACTIONS = [
  {
    folder: ".",
    verb: runWithArtifact,
    kind: "post",
    permissions: WRITE,
    example: { engine: "vllm", model: "meta-llama/Llama-3.1-8B-Instruct", "artifact-name": "pitwall" },
  },
  {
    folder: "actions/start-engine",
    verb: startEngine,
    kind: "post",
    hidden: ["foreground", "stop"],
    permissions: NONE,
    example: { engine: "vllm", model: "meta-llama/Llama-3.1-8B-Instruct", "engine-args": "--max-model-len 4096" },
  },
  {
    folder: "actions/startup-benchmark",
    verb: startupBenchmark,
    kind: "post",
    permissions: NONE,
    example: { engine: "vllm", model: "meta-llama/Llama-3.1-8B-Instruct", "cold-starts": "3", "warm-starts": "3" },
  },
  {
    folder: "actions/latency-sweep",
    verb: latencySweep,
    kind: "node",
    permissions: NONE,
    example: { "batch-sizes": "1-8", "input-len": "512", "output-len": "128" },
  },
  {
    folder: "actions/throughput-benchmark",
    verb: throughputBenchmark,
    kind: "node",
    permissions: NONE,
    example: { "throughput-prompts": "1000", "input-len": "512", "output-len": "128" },
  },
  {
    folder: "actions/serve-benchmark",
    verb: serveBenchmark,
    kind: "node",
    permissions: NONE,
    example: { pairs: "300:100,500:200", minutes: "3" },
  },
  {
    folder: "actions/check-functional",
    verb: checkFunctional,
    kind: "node",
    hidden: ["list-cases"],
    permissions: READ,
    example: { "base-url": "http://127.0.0.1:8000", junit: "functional.xml" },
  },
  { folder: "actions/post-process", verb: postProcess, kind: "node", permissions: READ, example: {} },
  { folder: "actions/publish", verb: publish, kind: "node", permissions: WRITE, example: {} },
  {
    folder: "actions/check-accuracy",
    verb: checkAccuracy,
    kind: "node",
    permissions: NONE,
    example: { task: "smoke", "min-score": "0.9" },
  },
  {
    folder: "actions/notify",
    verb: notify,
    kind: "node",
    permissions: NONE,
    example: { "slack-webhook": expression("secrets.SLACK_WEBHOOK"), needs: expression("toJSON(needs)") },
  },
  {
    folder: "actions/build-site",
    verb: buildSite,
    kind: "composite",
    permissions: NONE,
    example: { database: ".#pitwall-data", site: "_site" },
  },
  {
    folder: "actions/build-image",
    verb: buildImage,
    kind: "node",
    permissions: { packages: "write # to push images to ghcr.io" },
    example: { specs: "version_specs.json", targets: "v0.6", registry: "ghcr.io/acme", push: "true" },
  },
  {
    folder: "actions/evaluate",
    verb: evaluate,
    kind: "node",
    permissions: NONE,
    example: {
      dataset: "vllm_infra_gym.json",
      specs: "version_specs.json",
      source: "vllm",
      shard: "1/8",
      controls: "true",
    },
  },
  {
    folder: "actions/compare",
    verb: compareWithComment,
    kind: "post",
    permissions: { "pull-requests": "write # for comment" },
    example: {
      ...{ live: "true", arms: "arms.yml", model: "meta-llama/Llama-3.1-8B-Instruct" },
      ...{ "fail-on": "loses", comment: "true" },
    },
  },
  {
    folder: "actions/compare-patches",
    verb: comparePatches,
    kind: "node",
    permissions: NONE,
    example: { mapping: "matched_commits_for_benchmark.json", results: "claude=results/claude" },
  },
  {
    folder: "actions/bisect",
    verb: bisect,
    kind: "post",
    permissions: { contents: "write # to push what was found to the data branch" },
    example: {
      repository: "vllm",
      run: "20261122T064501Z-7f3a9c2e",
      series: "latency-sweep/in_512_out_128_bs_1 latency_s",
      database: "origin",
    },
  },
  {
    folder: "actions/verify",
    verb: verify,
    kind: "node",
    permissions: NONE,
    example: { database: ".", base: expression("github.event.before") },
  },
  {
    folder: "actions/push-metrics",
    verb: pushMetrics,
    kind: "node",
    permissions: NONE,
    example: {
      "run-type": "daily",
      "main-repository": "acme/llm",
      "gateway-url": expression("secrets.PROM_PUSHGATEWAY_URL"),
      scenario: "local_single_qwen3-32b",
    },
  },
  {
    folder: "actions/scenario",
    verb: scenario,
    kind: "post",
    permissions: { contents: "write # to push the run to the data branch" },
    example: {
      ...{ task: "run", scenario: "local_single_qwen3-32b_guided_w8a8", "run-type": "daily", database: "origin" },
      ...{ token: expression("github.token") },
      ...{ "gateway-url": expression("secrets.PROM_PUSHGATEWAY_URL"), "main-repository": "acme/llm" },
    },
  },
] as readonly Action[];
