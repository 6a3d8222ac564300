import { exec } from "@actions/exec";
import { findProgram } from "../../machine/program.ts";

/** One thing looked at. `missing` fails the check; `absent` is fine unless the user wants what it is for. */
export interface Finding {
  name: string;
  state: "good" | "absent" | "missing";
  detail: string;
  fix?: string;
}

export type Check = (context: {
  engine: "simulated" | "vllm" | "docker";
  /** Image of an engine in a container. */
  image: string | undefined;
  port: number | undefined;
  env: NodeJS.ProcessEnv;
}) => Promise<Finding>;

export const GIB = 2 ** 30;

/** More than any of them says. */
const MOST_CHARACTERS = 65_536;

/** What a program prints, short as it is, or undefined when it is not there, does not start or fails. It finds nothing to read. */
export async function outputOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const path = findProgram(program, env);
  if (path === undefined) return undefined;
  let printed = "";
  const stdout = (part: Buffer) => {
    if (printed.length < MOST_CHARACTERS) printed += part.toString();
  };
  const options = { silent: true, ignoreReturnCode: true, env: definedOnly(env), listeners: { stdout } };
  const exitCode = await exec("/bin/sh", ["-c", 'exec "$0" "$@" </dev/null', path, ...args], options);
  return exitCode === 0 ? printed.trim() : undefined;
}

const definedOnly = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
