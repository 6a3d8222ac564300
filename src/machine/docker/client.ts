import type { EngineRecord } from "../../result/document/engine-record.ts";
import { type CommandResult, runCommand } from "../command.ts";
import { findProgram } from "../program.ts";

/** A docker client and the daemon it talks to: both are recorded, because a later step may have another environment. */
export type Docker = Pick<NonNullable<EngineRecord["container"]>, "program" | "daemon">;

export const NO_DOCKER =
  "docker was not found on PATH: install it (on Debian: apt-get install docker.io), or set PITWALL_DOCKER to the program";

/** `PITWALL_DOCKER` names a client that is not on PATH. */
export function findDocker(env: NodeJS.ProcessEnv): Docker | undefined {
  const program = env.PITWALL_DOCKER || findProgram("docker", env);
  return program === undefined ? undefined : { program, daemon: env.DOCKER_HOST || null };
}

/** Asks the daemon something short. */
export function askDocker(docker: Docker, args: readonly string[], env = process.env): Promise<CommandResult> {
  return runCommand(docker.program, args, { env: daemonEnvironment(docker, env) });
}

export function daemonEnvironment({ daemon }: Docker, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return daemon === null ? env : { ...env, DOCKER_HOST: daemon };
}

/** What to do when no daemon answers; undefined when one does. */
export async function daemonProblem(docker: Docker, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { exitCode, stderr } = await askDocker(docker, ["version", "--format", "{{.Server.Version}}"], env);
  return exitCode === 0 ? undefined : explainDaemon(stderr);
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
