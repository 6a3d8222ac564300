import { join, resolve } from "node:path";
import type { Instance } from "../../evaluate/instance.ts";
import { fetchArguments } from "../../evaluate/repository/sealed-git.ts";
import { nameOf, sourceOf } from "../../evaluate/repository/source.ts";
import { gpusNeeded } from "../../evaluate/runtime/pytest.ts";
import type { PhasePlan, Runtime } from "../../evaluate/runtime/runtime.ts";
import { writeFileAtomically } from "../../files.ts";
import { shellLine } from "../../machine/shell-line.ts";
import type { Tools } from "../../tools.ts";
import type { Outcome } from "../verb.ts";
import type { EvaluateInputs } from "./inputs.ts";
import type { Asked } from "./instances.ts";
import { imageOf, limitsOf, runtimeOf } from "./runtime.ts";

/** What would be run, for a person to look up or to paste; the patches are written to files, for the commands name them. */
export async function dryRun(inputs: EvaluateInputs, { instances, specs }: Asked, { env }: Tools): Promise<Outcome> {
  const runtime = runtimeOf(inputs, specs, env);
  const limits = limitsOf(inputs);
  const parts: string[] = [];
  for (const instance of instances) {
    const patches = await writePatches(instance, inputs.output);
    const shared = { instance, limits: limits(instance), runs: 1, gpus: gpusOf(instance) };
    const lines = [
      ...linesOf({ ...shared, phase: "before" }, patches, runtime, inputs),
      ...linesOf({ ...shared, phase: "after" }, patches, runtime, inputs),
    ];
    parts.push([...factsOf(instance, inputs, specs), ...lines].join("\n"));
  }
  return {
    ok: true,
    outputs: { instances: instances.length, resolved: 0, notResolved: [], results: resolve(inputs.output) },
    text: parts.join("\n\n"),
  };
}

const gpusOf = (instance: Instance) => Array.from({ length: gpusNeeded(instance) }, (_, index) => String(index));

interface PatchPaths {
  test: string;
  gold: string;
}

async function writePatches({ id, testPatch, goldPatch }: Instance, output: string): Promise<PatchPaths> {
  const folder = resolve(output, "patches");
  const paths = { test: join(folder, `${id}.test.patch`), gold: join(folder, `${id}.gold.patch`) };
  await writeFileAtomically(paths.test, testPatch);
  await writeFileAtomically(paths.gold, goldPatch);
  return paths;
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

/** A tree with the patches of the phase, and its tests. */
function linesOf(
  shared: Omit<PhasePlan, "tree" | "results">,
  { test, gold }: PatchPaths,
  runtime: Runtime,
  { output, source: given }: EvaluateInputs,
): string[] {
  const { instance, phase } = shared;
  const [tree, results] = [
    resolve(output, "trees", `${instance.id}-${phase}`),
    resolve(output, "by-hand", instance.id),
  ];
  const source = sourceOf(given, instance.repo);
  const git = (...args: string[]) => shellLine(["git", "-C", tree, ...args]);
  return [
    `# ${phase === "before" ? "without the patch" : "with the patch"}:`,
    shellLine(["mkdir", "-p", tree, results]),
    git("init", "--quiet"),
    git(
      ...fetchArguments(source.kind === "path" ? { path: source.path } : { url: nameOf(source) }, instance.baseCommit),
    ),
    git("checkout", "--quiet", instance.baseCommit),
    git("apply", ...(phase === "before" ? [test] : [gold, test])),
    // The container's user may be anybody.
    ...(runtime.kind === "docker" ? [shellLine(["chmod", "-R", "a+rwX", tree, results])] : []),
    ...runtime.lines({ ...shared, tree, results }),
  ];
}
