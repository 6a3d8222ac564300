import { UsageError, UserError } from "../../src/errors.ts";
import { resolveInputs } from "../../src/verbs/schema/resolve-inputs.ts";
import { recordingTools } from "./recording-tools.ts";
import { wholeProgram } from "./whole-program.ts";

/**
 * A verb by its command line, but in this process: a story of ten commands would otherwise wait for ten starts of Node.
 * @returns how it ended, and all that it said
 */
export async function inProcess(args: string[], env = process.env): Promise<{ exitCode: number; stderr: string }> {
  const tools = recordingTools({ env });
  let exitCode = 0;
  const program = wholeProgram(async (verb, given) => {
    const outcome = await verb.run(resolveInputs(verb, given, env, {}), tools);
    exitCode = outcome.ok ? 0 : 1;
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    exitCode = error instanceof UsageError ? 2 : 1;
    tools.report.error(error.message);
  }
  return { exitCode, stderr: `${tools.said.join("\n")}\n` };
}
