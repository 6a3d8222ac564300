import { messageOf, UsageError, UserError } from "../../src/errors.ts";
import { knownConfigKeys, loadConfig } from "../../src/verbs/schema/config-file.ts";
import { resolveInputs } from "../../src/verbs/schema/resolve-inputs.ts";
import type { Ended } from "./cli.ts";
import { recordingTools } from "./recording-tools.ts";
import { wholeProgram } from "./whole-program.ts";

/**
 * A verb by its command line, but in this process: a story of ten commands would otherwise wait for ten starts of Node. For
 * one at a time, since the folder is that of the whole process.
 * @param cwd where pitwall.yml and relative paths are looked for; this process's own by default
 * @returns how it ended, its result and all that it said
 */
export async function inProcess(args: string[], env = process.env, cwd = process.cwd()): Promise<Ended> {
  const tools = recordingTools({ env });
  const before = process.cwd();
  const ended: Ended = { exitCode: 0, stdout: "", stderr: "" };
  const program = wholeProgram(async (verb, given, { config, json }) => {
    const file = await loadConfig(config, knownConfigKeys);
    const {
      ok,
      outputs,
      text = "",
      json: more,
    } = await verb.run(resolveInputs(verb, given, env, file, tools.report.warning), tools);
    ended.exitCode = ok ? 0 : 1;
    ended.stdout = `${json ? JSON.stringify({ ...outputs, ...more }) : text}\n`;
  });
  try {
    process.chdir(cwd);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    ended.exitCode = error instanceof UsageError ? 2 : 1;
    tools.report.error(messageOf(error));
  } finally {
    process.chdir(before);
  }
  return { ...ended, stderr: `${tools.said.join("\n")}\n` };
}
