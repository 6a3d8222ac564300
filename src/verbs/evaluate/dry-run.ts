import { resolve } from "node:path";
import type { Instance } from "../../evaluate/instance.ts";
import type { Runtime } from "../../evaluate/runtime/runtime.ts";
import type { Tools } from "../../tools.ts";
import type { Outcome } from "../verb.ts";
import type { EvaluateInputs } from "./inputs.ts";
import type { Asked } from "./instances.ts";
import { imageOf, limitsOf, runtimeOf } from "./runtime.ts";

/** What would be run, for a person to look up or paste: the patched tree is the one thing that pitwall makes itself. */
export function dryRun(inputs: EvaluateInputs, { instances, specs }: Asked, { env }: Tools): Outcome {
  const runtime = runtimeOf(inputs, specs, env);
  const limits = limitsOf(inputs);
  const parts = instances.map((instance) =>
    [...factsOf(instance, inputs, specs), ...linesOf(instance, runtime, limits(instance), inputs)].join("\n"),
  );
  return {
    ok: true,
    outputs: { instances: instances.length, resolved: 0, notResolved: [], results: resolve(inputs.output) },
    text: parts.join("\n\n"),
  };
}

function factsOf(instance: Instance, inputs: EvaluateInputs, specs: Asked["specs"]): string[] {
  const { id, version, baseCommit, category, minGpus, targets } = instance;
  const image =
    inputs.runtime === "docker"
      ? (imageOf(instance, inputs, specs) ?? "none known: give --specs or --image")
      : undefined;
  return [
    `# ${id}`,
    `# version: ${version ?? "–"}`,
    `# commit: ${baseCommit}`,
    `# tests: ${targets.kind === "none" ? "none" : targets.paths.join(" ")}`,
    `# category: ${category ?? "–"}, GPUs: ${minGpus}`,
    ...(image === undefined ? [] : [`# image: ${image}`]),
  ].map((line) => line.replaceAll(/[\r\n]/g, " "));
}

function linesOf(
  instance: Instance,
  runtime: Runtime,
  limits: ReturnType<ReturnType<typeof limitsOf>>,
  inputs: EvaluateInputs,
): string[] {
  const results = resolve(inputs.output, "gold", instance.id);
  const gpus = Array.from({ length: instance.minGpus }, (_, index) => String(index));
  const shared = { instance, results, gpus, runs: 1, limits };
  return (["before", "after"] as const).flatMap((phase) => [
    `# ${phase === "before" ? "without the patch" : "with the patch"}, the tree at the commit with ${phase === "before" ? "the test patch" : "both patches"}:`,
    ...runtime.lines({ ...shared, phase, tree: resolve(inputs.output, "work", instance.id, phase) }),
  ]);
}
