import type { CommandResult } from "../../machine/command.ts";
import { runCommand } from "../../machine/command.ts";
import { findProgram } from "../../machine/program.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { EngineError } from "../engine-error.ts";

/** A docker client and the daemon it talks to: both are recorded, because a later step may have another environment. */
export type Docker = Pick<NonNullable<EngineRecord["container"]>, "program" | "daemon">;

/** `PITWALL_DOCKER` names a client that is not on PATH. @throws EngineError (environment) when there is none */
export function dockerOf(env: NodeJS.ProcessEnv): Docker {
  const program = env.PITWALL_DOCKER || findProgram("docker", env);
  if (program !== undefined) return { program, daemon: env.DOCKER_HOST || null };
  throw environment(
    "docker was not found on PATH: install it (on Debian: apt-get install docker.io), or set PITWALL_DOCKER to the program",
  );
}

/** Asks the daemon something short. */
export function askDocker(docker: Docker, args: readonly string[], env = process.env): Promise<CommandResult> {
  return runCommand(docker.program, args, { env: daemonEnvironment(docker, env) });
}

export function daemonEnvironment({ daemon }: Docker, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return daemon === null ? env : { ...env, DOCKER_HOST: daemon };
}

/** @throws EngineError (environment) saying what to do when no daemon answers */
export async function requireDaemon(docker: Docker, env: NodeJS.ProcessEnv): Promise<void> {
  const { exitCode, stderr } = await askDocker(docker, ["version", "--format", "{{.Server.Version}}"], env);
  if (exitCode !== 0) throw environment(explainDaemon(stderr));
}

function explainDaemon(stderr: string): string {
  if (/permission denied/i.test(stderr)) {
    return (
      "this user may not talk to the Docker daemon: add it to the group docker (sudo usermod -aG docker $USER) and log " +
      "in again, or restart the runner's service"
    );
  }
  if (/cannot connect|error during connect|failed to connect|is the docker daemon running/i.test(stderr)) {
    return `the Docker daemon does not answer: ${lastLine(stderr)}; start it (sudo systemctl start docker), or set DOCKER_HOST`;
  }
  return `docker does not work here: ${lastLine(stderr)}`;
}

export const lastLine = (text: string) => text.trim().split("\n").at(-1)?.trim() ?? "";

export const environment = (detail: string) => new EngineError({ reason: "environment", detail });
