import { getExecOutput } from "@actions/exec";
import { findProgram } from "../../machine/program.ts";

/** One thing looked at. `missing` fails the check; `absent` is fine unless the user wants what it is for. */
interface Finding {
  name: string;
  state: "good" | "absent" | "missing";
  detail: string;
  fix?: string;
}

export type Check = (context: {
  engine: "simulated" | "vllm" | "docker";
  /** Of an engine in a container. */
  image: string | undefined;
  port: number | undefined;
  env: NodeJS.ProcessEnv;
}) => Promise<Finding>;

export const GIB = 2 ** 30;

/** What a program prints, short as it is, or undefined when it is not there, does not start or fails. It must read nothing. */
export async function outputOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const path = findProgram(program, env);
  if (path === undefined) return undefined;
  // It takes a command line and splits it at spaces, which a path may hold.
  const options = { silent: true, ignoreReturnCode: true, env: definedOnly(env) };
  // It throws for a program that is there and cannot start, as a script whose interpreter is gone: a virtual environment that
  // was moved, or made by a Python that was removed.
  const printed = await getExecOutput(`"${path}"`, [...args], options).catch(() => undefined);
  return printed?.exitCode === 0 ? printed.stdout.trim() : undefined;
}

const definedOnly = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
