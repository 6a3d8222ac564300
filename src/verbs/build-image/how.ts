import type { BuildHow } from "../../images/build/commands.ts";
import { RECIPES_FOLDER } from "../../images/recipes.ts";
import { runCommand } from "../../machine/command.ts";
import { findProgram } from "../../machine/program.ts";
import { PROXY_VARIABLES } from "../../machine/proxies.ts";
import type { BuildImageInputs } from "./inputs.ts";

export function buildHow(inputs: BuildImageInputs, builder: BuildHow["builder"], env: NodeJS.ProcessEnv): BuildHow {
  const { registry, push, cache, layerCache, platforms = [], buildArgs, buildOptions } = inputs;
  return {
    ...{
      builder,
      folder: RECIPES_FOLDER,
      registry,
      push,
      noCache: !cache,
      platforms,
      layerCache,
      buildArgs,
      buildOptions,
    },
    proxies: PROXY_VARIABLES.filter((name) => env[name]),
  };
}

/** Which of its builders the client has; that of today where there is no client to ask. */
export async function builderOf(env: NodeJS.ProcessEnv): Promise<BuildHow["builder"]> {
  const program = env.PITWALL_DOCKER || findProgram("docker", env);
  if (program === undefined) return "buildx";
  const buildx = await runCommand(program, ["buildx", "version"], { env });
  if (buildx.exitCode === 0) return "buildx";
  // Without a daemon it fails, but knows its own version.
  const { stdout } = await runCommand(program, ["version", "--format", "{{.Client.Version}}"], { env });
  const major = Number(/^\d+/.exec(stdout.trim())?.[0]);
  return major < 23 ? "variable" : "classic";
}
