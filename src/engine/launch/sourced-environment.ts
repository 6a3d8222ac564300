import { messageOf, UserError } from "../../errors.ts";
import { runCommand } from "../../machine/command.ts";

/**
 * bash, for `source` and what vendors' files take for granted: as a login shell, whose own files define `module` and the
 * like. Those may set PATH anew, where ours goes first all the same. What any of them prints is neither environment nor
 * the file's last words: those come after a NUL.
 */
const SCRIPT =
  '[ "$PATH" = "$1" ] || PATH=$1:$PATH; file=$2; shift 2; printf "\\0" >&2; source "$file" "$@" >&2 || exit; printf "\\0"; exec env -0';
/** The shell's own. */
const OF_SHELL = new Set(["_", "SHLVL", "PWD", "OLDPWD", "BASH_ENV"]);

/**
 * The environment after a login shell has sourced a file, as before `setvars.sh --force`.
 * @param call the file and its arguments
 * @throws UserError naming the file and its last words when it fails
 */
export async function sourcedEnvironment(call: readonly string[], env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const [file] = call;
  if (file === undefined) return env;
  // Without a slash bash would look for it on PATH.
  const path = file.includes("/") ? file : `./${file}`;
  const { exitCode, stdout, stderr } = await runCommand(
    "bash",
    ["--login", "-c", SCRIPT, "bash", env.PATH ?? "", path, ...call.slice(1)],
    { env },
  ).catch((cause) => {
    throw new UserError(`--env-script is read by bash: ${messageOf(cause)}`, { cause });
  });
  if (exitCode !== 0 || !stdout.includes("\0")) {
    const why = stderr.split("\0").at(-1)!.trim().split("\n").slice(-3).join("\n") || "it said nothing";
    throw new UserError(`--env-script ${file} failed with exit code ${exitCode}: ${why}`);
  }
  const entries = stdout
    .split("\0")
    .slice(1)
    .flatMap((entry) => {
      const at = entry.indexOf("=");
      return at < 1 || OF_SHELL.has(entry.slice(0, at)) ? [] : [[entry.slice(0, at), entry.slice(at + 1)] as const];
    });
  return Object.fromEntries(entries);
}
