import { z } from "zod";
import { UsageError } from "../../errors.ts";
import { readDataset } from "../../evaluate/dataset/dataset.ts";
import { readVersionSpecs } from "../../images/specs/version-specs.ts";
import { EvaluateInputs } from "../evaluate/inputs.ts";
import { imagesOf } from "../evaluate/runtime.ts";
import { bareWords, choice, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { portNumber } from "../schema/number-fields.ts";
import { defineVerb } from "../verb.ts";
import type { Check, Finding } from "./check.ts";
import { huggingFaceCache, huggingFaceToken, python, vllm } from "./engine.ts";
import { evaluationChecks } from "./evaluation.ts";
import { driver, gpu } from "./gpu.ts";
import { image } from "./image.ts";
import { disk, docker, git, node, port, sharedMemory } from "./machine.ts";

const CHECKS: Check[] = [
  node,
  git,
  disk,
  sharedMemory,
  gpu,
  driver,
  python,
  vllm,
  docker,
  image,
  huggingFaceCache,
  huggingFaceToken,
  port,
];
/** Those of an evaluation of patches, beside its own. */
const CHECKS_OF_EVALUATION: Check[] = [node, git, sharedMemory, gpu, driver, image];
const MARKS = { good: "✓", absent: "–", missing: "✗" } as const;

const { dataset, source, specs, runtime } = EvaluateInputs.shape;
const asked = { dataset, source, specs, ...inGroup("How tests run", { runtime: runtime.unwrap().optional() }) };

export const doctor = defineVerb({
  name: "doctor",
  description: "Says what is missing on this machine, with the fix.",
  inputs: z.strictObject({
    task: bareWords(
      "evaluate: look at what an evaluation of patches needs. Without: what a benchmark does.",
    ).optional(),
    ...asked,
    ...inGroup("Engine", {
      engine: choice(["simulated", "vllm", "docker"], "Engine that is to run here.").default("simulated"),
      port: portNumber(
        "Port that the engine is to listen on (default: 8000 for vllm, any free one for simulated).",
        1,
      ).optional(),
    }),
    ...inGroup("Docker", {
      image: text("Image of an engine docker: its CUDA is held against the driver's.", "IMAGE").optional(),
    }),
  }),
  positional: "task",
  outputs: { healthy: "true when nothing needed is missing.", findings: "One line each." },
  async run({ task, ...inputs }, { env }) {
    const findings = task === undefined ? await findingsOf(CHECKS, inputs, env) : await evaluation(task, inputs, env);
    const lines = findings.map(({ name, state, detail, fix }) => {
      const advice = fix === undefined ? "" : ` → ${fix}`;
      return `${MARKS[state]} ${name}: ${detail}${advice}`;
    });
    const healthy = findings.every(({ state }) => state !== "missing");
    return { ok: healthy, outputs: { healthy, findings: lines }, text: lines.join("\n") };
  },
});

interface Inputs {
  engine: "simulated" | "vllm" | "docker";
  port?: number | undefined;
  image?: string | undefined;
}

const findingsOf = (checks: readonly Check[], { engine, port: number, image: name }: Inputs, env: NodeJS.ProcessEnv) =>
  Promise.all(checks.map((check) => check({ engine, port: number, image: name, env })));

interface EvaluationInputs extends Inputs {
  dataset?: string | undefined;
  source?: string | undefined;
  specs?: string | undefined;
  runtime?: "docker" | "local" | undefined;
}

/** @throws UsageError for another task; UserError for a dataset that is none */
async function evaluation(
  task: readonly string[],
  inputs: EvaluationInputs,
  env: NodeJS.ProcessEnv,
): Promise<Finding[]> {
  if (task.length !== 1 || task[0] !== "evaluate")
    throw new UsageError(`doctor looks at evaluate, not at “${task.join(" ")}”`);
  const instances = inputs.dataset === undefined ? [] : await readDataset(inputs.dataset);
  const commits = [...new Set(instances.map(({ baseCommit }) => baseCommit))];
  const { image: name, runtime: how = "docker", source: from } = inputs;
  const known = inputs.specs === undefined ? undefined : await readVersionSpecs(inputs.specs);
  const images = name === undefined ? imagesOf(instances, { image: name }, known) : [name];
  const own = await evaluationChecks({ runtime: how, source: from, commits, images, env });
  return [...(await findingsOf(CHECKS_OF_EVALUATION, { ...inputs, engine: "docker" }, env)), ...own];
}
