import type { Docker } from "../../../machine/docker/client.ts";
import { shellLine } from "../../../machine/shell-line.ts";
import type { Instance } from "../../instance.ts";
import { runOrder } from "../runs.ts";
import type { PhasePlan, Runtime } from "../runtime.ts";
import {
  type DockerSettings,
  setUpArguments,
  testExecArguments,
  testRunArguments,
  waitingArguments,
} from "./arguments.ts";
import { openNetworkOf, testImages } from "./image.ts";
import { runAfterSetUp, runSingly } from "./phase.ts";
import { openTree, removeTreeOfContainer } from "./tree.ts";

interface DockerRuntime extends DockerSettings {
  docker: Docker;
  /** Name of the image that an instance's tests run in; undefined: nobody knows one. */
  imageOf(instance: Instance): string | undefined;
  /** Whose proxies and tokens the lines for a shell name. */
  env: NodeJS.ProcessEnv;
}

/** Phases in containers: a new one for each, so that the first phase leaves nothing to the second. */
export function dockerRuntime({ docker, imageOf, env, ...settings }: DockerRuntime): Runtime {
  const images = testImages(docker, imageOf);
  let network: Promise<"bridge" | "host"> | undefined;
  return {
    kind: "docker",
    docker,
    environmentOf: (instance, tools) => images.environmentOf(instance, tools),
    async runPhase(plan, owner, tools) {
      const environment = await images.environmentOf(plan.instance, tools);
      if ("kind" in environment) return environment;
      await openTree(plan.tree, plan.results);
      network ??= openNetworkOf(docker, tools.env);
      const made = {
        plan,
        settings,
        image: environment.digest,
        owner: owner.id,
        openNetwork: await network,
        env: tools.env,
      };
      const run = settings.skipSetUp ? runSingly : runAfterSetUp;
      return run({ docker, made, owner, tools });
    },
    lines: (plan) => linesOf(plan, settings, { image: imageOf(plan.instance) ?? "IMAGE", env }),
    removeTree: (folder) => removeTreeOfContainer(folder, docker, images.anyId()),
  };
}

function linesOf(plan: PhasePlan, settings: DockerSettings, from: { image: string; env: NodeJS.ProcessEnv }): string[] {
  const name = `pitwall-${plan.instance.id}`;
  const made = { plan, settings, name, owner: "shell", openNetwork: "bridge", ...from };
  const files = runOrder(plan, 1);
  const { setUpSeconds, phaseSeconds } = plan.limits;
  const commands = settings.skipSetUp
    ? [testRunArguments(made, files)]
    : [
        waitingArguments(made, setUpSeconds + phaseSeconds),
        setUpArguments(made),
        ...(settings.network === "set-up" ? [["network", "disconnect", "bridge", name]] : []),
        testExecArguments(made, files),
        ["rm", "--force", name],
      ];
  return commands.map((args) => shellLine(["docker", ...args]));
}
