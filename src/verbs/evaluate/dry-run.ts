import { resolve } from "node:path";
import type { Instance } from "../../evaluate/instance.ts";
import { fetchArguments } from "../../evaluate/repository/sealed-git.ts";
import { nameOf, sourceOf } from "../../evaluate/repository/source.ts";
import { gpusNeeded } from "../../evaluate/runtime/pytest.ts";
import type { PhasePlan, Runtime } from "../../evaluate/runtime/runtime.ts";
import { EMPTY } from "../../evaluate/work/candidate.ts";
import { writeFileAtomically } from "../../files.ts";
import { shellLine } from "../../machine/shell-line.ts";
import type { Tools } from "../../tools.ts";
import { proxyRemark } from "../schema/proxies.ts";
import type { Outcome } from "../verb.ts";
import { candidatesOf } from "./candidates.ts";
import type { EvaluateInputs } from "./inputs.ts";
import type { Asked } from "./instances.ts";
import { imageOf, limitsOf, runtimeOf } from "./runtime.ts";

/** What would be run, for a person to look up or to paste; the patches are written to files, for the commands name them. */
export async function dryRun(inputs: EvaluateInputs, asked: Asked, { env }: Tools): Promise<Outcome> {
  const { instances, specs } = asked;
  const runtime = runtimeOf(inputs, specs, env);
  const limits = limitsOf(inputs);
  const candidates = (await candidatesOf(inputs, asked)).filter((one) => one !== EMPTY);
  const parts: string[] = [];
  for (const instance of instances) {
    const { id, testPatch } = instance;
    const test = await writePatch(testPatch, `${id}.test`, inputs.output);
    const shared = { instance, limits: limits(instance), runs: 1, gpus: gpusOf(instance) };
    const lines = linesOf({ ...shared, phase: "before" }, { name: "before", patches: [test] }, runtime, inputs);
    for (const { name, patchOf } of candidates) {
      const patch = patchOf(instance);
      if (patch === undefined || patch.trim() === "") continue;
      const patches = [await writePatch(patch, `${id}.${name}`, inputs.output), test];
      lines.push(...linesOf({ ...shared, phase: "after" }, { name, patches }, runtime, inputs));
    }
    parts.push([...factsOf(instance, inputs, specs), ...lines].join("\n"));
  }
  return {
    ok: true,
    outputs: { instances: instances.length, resolved: 0, notResolved: [], results: resolve(inputs.output) },
    text: [...proxyRemark(inputs, env), ...parts].join("\n\n"),
  };
}

const gpusOf = (instance: Instance) => Array.from({ length: gpusNeeded(instance) }, (_, index) => String(index));

/** @returns its path */
async function writePatch(patch: string, name: string, output: string): Promise<string> {
  const path = resolve(output, "patches", `${name}.patch`);
  // As it is applied: git takes none without the end of its last line.
  await writeFileAtomically(path, patch.endsWith("\n") ? patch : `${patch}\n`);
  return path;
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

/** A tree with these patches, and its tests. @param name of the candidate, or before */
function linesOf(
  shared: Omit<PhasePlan, "tree" | "results">,
  { name, patches }: { name: string; patches: readonly string[] },
  runtime: Runtime,
  { output, source: given }: EvaluateInputs,
): string[] {
  const { instance, phase } = shared;
  const [tree, results] = [
    resolve(output, "trees", `${instance.id}-${name}`),
    resolve(output, "by-hand", instance.id, name),
  ];
  const source = sourceOf(given, instance.repo);
  const git = (...args: string[]) => shellLine(["git", "-C", tree, ...args]);
  return [
    phase === "before" ? "# without a patch:" : `# with the patch of ${name}:`,
    shellLine(["mkdir", "-p", tree, results]),
    git("init", "--quiet"),
    git(
      ...fetchArguments(source.kind === "path" ? { path: source.path } : { url: nameOf(source) }, instance.baseCommit),
    ),
    git("checkout", "--quiet", instance.baseCommit),
    git("apply", ...patches),
    // The container's user may be anybody.
    ...(runtime.kind === "docker" ? [shellLine(["chmod", "-R", "a+rwX", tree, results])] : []),
    ...runtime.lines({ ...shared, tree, results }),
  ];
}
