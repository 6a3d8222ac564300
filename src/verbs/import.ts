import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { appendRuns } from "../database/append.ts";
import { importConcurrency, importLatencies, importServing } from "../database/import-seed.ts";
import type { ImportContext } from "../database/imported-run.ts";
import { pointsOf } from "../database/points.ts";
import { UsageError } from "../errors.ts";
import type { Run } from "../result/run.ts";
import { choice, fileList, flag, integer, positiveNumber, text } from "./fields.ts";
import { githubToken, publishInputs } from "./publish.ts";
import { defineVerb } from "./verb.ts";

const KINDS = ["latencies", "serving", "concurrency"] as const;
type Kind = (typeof KINDS)[number];

const importInputs = {
  files: fileList(
    "Files to import: data.json, benchmark_history/*.json, e2e_benchmark_data.json and so on.",
  ).optional(),
  kind: choice(KINDS, "What the files hold (default: by their names).").optional(),
  model: text("The model that was measured; the files do not say.", "NAME").optional(),
  hostLabel: text("Name of the machine in the history.", "NAME").optional(),
  gpu: text("GPU of the machine, as the driver names it.", "NAME").optional(),
  gpuCount: integer("Number of those.").default(1),
  engineVersion: text("Version of vLLM that was measured.", "VERSION").optional(),
  inputLen: integer("Input tokens, for latencies and concurrency.").optional(),
  outputLen: integer("Output tokens, for latencies and concurrency.").optional(),
  offeredTokensPerSecond: positiveNumber("Tokens a second that the requests offered, for serving.").optional(),
  repository: text("Repository that holds the data branch; needed to publish.", "PATH|URL").optional(),
  branch: publishInputs.branch,
  token: publishInputs.token,
  dryRun: flag("Only say what would be imported.").default(true),
};
const Inputs = z.strictObject(importInputs);

export const importData = defineVerb({
  name: "import",
  description: "Puts a history of another tool on the data branch; says first what it would do.",
  inputs: Inputs,
  positional: "files",
  outputs: {
    runs: "Run documents that the files give.",
    points: "Numbers in them.",
    added: "Documents that were published; none in a dry run.",
    already: "Documents that were there before.",
  },
  async run(inputs, tools) {
    const { repository, branch, dryRun } = inputs;
    if (inputs.files === undefined) throw new UsageError("name the files to import");
    const found: Run[] = [];
    for (const file of inputs.files) found.push(...(await readRuns(file, inputs)));
    const runs = distinct(found);
    const points = runs.flatMap(pointsOf).length;
    const what = `${runs.length} run document${runs.length === 1 ? "" : "s"} with ${points} numbers`;
    if (dryRun) {
      const text = `would import ${what}; --no-dry-run publishes them`;
      return { ok: true, outputs: { runs: runs.length, points, added: 0, already: 0 }, text };
    }
    if (repository === undefined) throw new UsageError("name the repository to publish to with --repository PATH|URL");
    const token = inputs.token ?? githubToken(repository, tools.env);
    const { added, already } = await appendRuns({ repository, branch, runs, token }, tools);
    const text = `imported ${what}: ${added.length} added, ${already.length} were there before`;
    return { ok: true, outputs: { runs: runs.length, points, added: added.length, already: already.length }, text };
  },
});

/** A point that is in two of the files is one run: the id comes from its numbers. */
function distinct(runs: readonly Run[]): Run[] {
  return [...Map.groupBy(runs, ({ id }) => id).values()].map(([first]) => first!);
}

async function readRuns(path: string, inputs: z.output<typeof Inputs>): Promise<Run[]> {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist`);
  const name = basename(path);
  const file = { name, text: await readFile(path, "utf8") };
  const context = contextOf(inputs, name);
  const kind = inputs.kind ?? kindByName(name);
  switch (kind) {
    case "latencies":
      return importLatencies(file, context, lengthsOf(inputs, name));
    case "serving":
      return importServing(file, context, needed(inputs.offeredTokensPerSecond, "--offered-tokens-per-second", name));
    case "concurrency":
      return importConcurrency(file, context, lengthsOf(inputs, name));
    default:
      return kind satisfies never;
  }
}

function kindByName(name: string): Kind {
  if (name === "data.json" || /^data_point_.*\.json$/.test(name)) return "latencies";
  if (name === "e2e_benchmark_data.json") return "serving";
  if (name === "max_concurrency_benchmark_data.json") return "concurrency";
  throw new UsageError(`${name}: its name does not say what it holds; say so with --kind ${KINDS.join("|")}`);
}

function lengthsOf({ inputLen, outputLen }: z.output<typeof Inputs>, name: string) {
  return {
    inputLen: needed(inputLen, "--input-len", name),
    outputLen: needed(outputLen, "--output-len", name),
  };
}

function needed<T>(value: T | undefined, option: string, name: string): T {
  if (value !== undefined) return value;
  throw new UsageError(`${name} does not say everything: give it with ${option}`);
}

function contextOf(inputs: z.output<typeof Inputs>, file: string): ImportContext {
  const { gpu, gpuCount, engineVersion } = inputs;
  const model = needed(inputs.model, "--model", file);
  const hostLabel = needed(inputs.hostLabel, "--host-label", file);
  const version = engineVersion ?? null;
  return {
    engine: { kind: "vllm", version, image: null, imageDigest: null, args: [], secondsToReady: null },
    model: { name: model, revision: null, dtype: null, quantization: null, tensorParallel: 1 },
    host: {
      label: hostLabel,
      gpu: gpu ?? null,
      gpuCount: gpu === undefined ? 0 : gpuCount,
      driver: null,
      cuda: null,
      cpu: null,
      cores: null,
    },
    client: { kind: "vllm", version: version ?? "unknown" },
  };
}
