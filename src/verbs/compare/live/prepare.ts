import { rm } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import type { Arm } from "../../../arms/arm.ts";
import { buildLayer, removeLayers } from "../../../arms/patch/image-layer.ts";
import { makeOverlay, packageOf } from "../../../arms/patch/overlay.ts";
import { dockerOf, requireDaemon } from "../../../engine/docker/client.ts";
import { provideImage } from "../../../engine/docker/image.ts";
import { EngineError } from "../../../engine/engine-error.ts";
import { findVllm } from "../../../engine/vllm/program.ts";
import { messageOf, UserError } from "../../../errors.ts";
import { findDocker } from "../../../machine/docker/client.ts";
import type { Failure } from "../../../result/document/reason.ts";
import { fingerprint } from "../../../result/series/fingerprint.ts";
import type { Tools } from "../../../tools.ts";

/** An arm that can be started: where its build is, and what its environment has besides. */
interface Ready {
  kind: "ready";
  image?: string;
  env: NodeJS.ProcessEnv;
}
type Prepared = Ready | { kind: "refused"; failure: Failure };

/** Builds of arms with patches, which go with this. */
export interface Builds extends AsyncDisposable {
  of(arm: Arm): Prepared;
}

/**
 * Puts the patches of arms onto what they are made for: beside the packages of an environment, or in a layer on an image.
 * Whatever an earlier comparison in this folder left of that is removed first.
 */
export async function prepareArms(arms: readonly Arm[], output: string, tools: Tools): Promise<Builds> {
  const owner = fingerprint(resolve(output));
  const overlays = join(resolve(output), "overlays");
  await clear(arms, overlays, owner, tools);
  const prepared = new Map<Arm, Prepared>();
  for (const arm of arms)
    prepared.set(arm, await prepare(arm, { overlay: join(overlays, arm.name), owner, output }, tools));
  return {
    of: (arm) => prepared.get(arm)!,
    [Symbol.asyncDispose]: () => clear(arms, overlays, owner, tools),
  };
}

async function clear(arms: readonly Arm[], overlays: string, owner: string, { env }: Tools): Promise<void> {
  await rm(overlays, { recursive: true, force: true });
  const docker = arms.some(({ image, patch }) => image !== undefined && patch !== undefined) && findDocker(env);
  if (docker) await removeLayers(docker, owner, env);
}

interface Place {
  overlay: string;
  owner: string;
  output: string;
}

async function prepare(arm: Arm, place: Place, tools: Tools): Promise<Prepared> {
  const env = environmentOf(arm, tools.env);
  const { image, patch } = arm;
  if (patch === undefined) return { kind: "ready", ...(image === undefined ? {} : { image }), env };
  try {
    return image === undefined
      ? await overlaid(arm, patch, place, { ...tools, env })
      : await layered(image, patch, place, tools);
  } catch (error) {
    if (!(error instanceof UserError) || tools.signal.aborted) throw error;
    const failure =
      error instanceof EngineError ? error.failure : { reason: "environment" as const, detail: messageOf(error) };
    return { kind: "refused", failure };
  }
}

/** The Python beside its own program is the one that runs it. */
export function environmentOf({ program }: Arm, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (program === undefined) return env;
  const { PITWALL_PYTHON: _, ...others } = env;
  return { ...others, PITWALL_VLLM: program };
}

async function overlaid({ program }: Arm, patch: string, { overlay }: Place, tools: Tools): Promise<Prepared> {
  const { env } = tools;
  const found = program ?? findVllm(env);
  if (found === undefined)
    throw new UserError("there is no vllm on PATH to put the patch onto: give the arm a program");
  const patched = await makeOverlay({ patch, source: await packageOf(found, tools), overlay }, tools);
  if (patched.kind === "refused") return patched;
  const path = [overlay, env.PYTHONPATH].filter(Boolean).join(delimiter);
  return { kind: "ready", env: { ...env, PYTHONPATH: path } };
}

async function layered(image: string, patch: string, { owner, output }: Place, tools: Tools): Promise<Prepared> {
  const docker = dockerOf(tools.env);
  await requireDaemon(docker, tools.env);
  await provideImage(docker, image, output, tools);
  const layer = await buildLayer({ docker, image, patch, owner }, tools);
  return layer.kind === "refused" ? layer : { kind: "ready", image: layer.image, env: tools.env };
}
