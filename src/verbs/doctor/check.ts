import { UserError } from "../../errors.ts";
import { runCommand } from "../../machine/command.ts";

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

/** What a program prints, or undefined when it is not there or fails. */
export async function outputOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runCommand(program, args, { env });
    return exitCode === 0 ? stdout.trim() : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
