import { type Docker, daemonProblem, findDocker, NO_DOCKER } from "../../machine/docker/client.ts";
import { EngineError } from "../engine-error.ts";

/** @throws EngineError (environment) when there is no client */
export function dockerOf(env: NodeJS.ProcessEnv): Docker {
  const docker = findDocker(env);
  if (docker !== undefined) return docker;
  throw environment(NO_DOCKER);
}

/** @throws EngineError (environment) saying what to do when no daemon answers */
export async function requireDaemon(docker: Docker, env: NodeJS.ProcessEnv): Promise<void> {
  const problem = await daemonProblem(docker, env);
  if (problem !== undefined) throw environment(problem);
}

export const environment = (detail: string) => new EngineError({ reason: "environment", detail });
