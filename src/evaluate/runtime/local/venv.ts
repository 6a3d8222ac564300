import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../../errors.ts";
import { makeFolder } from "../../../files.ts";
import { runCommand } from "../../../machine/command.ts";
import { waitForLock } from "../../../machine/lock.ts";
import { findProgram } from "../../../machine/program.ts";
import type { Tools } from "../../../tools.ts";

interface VenvWanted {
  /** Folder of all environments. */
  venvs: string;
  /** Requirements in pip's words; sorted or not is another environment. */
  requirements: readonly string[];
}

const STAMP = ".pitwall-stamp";

/** `PITWALL_PYTHON`, else the first python3 on PATH. @throws UserError when there is none */
export function pythonOf(env: NodeJS.ProcessEnv): string {
  const found = findProgram(env.PITWALL_PYTHON || "python3", env);
  if (found !== undefined) return found;
  throw new UserError("no Python was found: install python3, or name one in PITWALL_PYTHON");
}

/**
 * A virtual environment with these packages, made once by this user; tests get it to read.
 * @returns its Python
 * @throws UserError with pip's words
 */
export async function provideVenv({ venvs, requirements }: VenvWanted, tools: Tools): Promise<string> {
  const python = pythonOf(tools.env);
  const name = createHash("sha256")
    .update(JSON.stringify([await versionOf(python), requirements]))
    .digest("hex")
    .slice(0, 16);
  const venv = join(venvs, name);
  const made = join(venv, "bin", "python");
  if (existsSync(join(venv, STAMP))) return made;
  await using _ = await waitForLock("venv", venv, tools.signal);
  if (existsSync(join(venv, STAMP))) return made;
  tools.report.info(`making a virtual environment with ${requirements.join(" ")}`);
  // A half of one is what a killed run left.
  await rm(venv, { recursive: true, force: true });
  await makeFolder(venvs);
  await makeVenv({ python, venv, requirements }, tools);
  await writeFile(join(venv, STAMP), "");
  return made;
}

/** By uv where it is there, which takes a second; else by Python's own venv and pip. */
async function makeVenv(wanted: { python: string; venv: string; requirements: readonly string[] }, tools: Tools) {
  const { python, venv, requirements } = wanted;
  const uv = findProgram("uv", tools.env);
  const inside = join(venv, "bin", "python");
  const commands =
    uv === undefined
      ? [
          [python, "-m", "venv", venv],
          [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--", ...requirements],
        ]
      : [
          [uv, "venv", "--quiet", "--python", python, venv],
          [uv, "pip", "install", "--quiet", "--python", inside, "--", ...requirements],
        ];
  for (const [program, ...args] of commands) await must(program!, args, tools);
}

async function must(program: string, args: readonly string[], { env, signal }: Tools): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(program, args, { env, signal });
  if (exitCode === 0) return stdout;
  const said = stderr.trim().split("\n").slice(-5).join("\n");
  const hint = /ensurepip|No module named venv/.test(stderr) ? " (on Debian: apt-get install python3-venv)" : "";
  throw new UserError(`the virtual environment could not be made${hint}: ${said}`);
}

async function versionOf(python: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(python, ["-c", "import sys; print(sys.version, sys.prefix)"]);
  if (exitCode === 0) return stdout.trim();
  throw new UserError(`${python} does not run: ${stderr.trim().split("\n").at(-1)}`);
}

const LIST_PACKAGES = `
import sys
from importlib.metadata import distributions
print(sys.version)
print("\\n".join(sorted({f"{d.metadata['Name']}=={d.version}" for d in distributions()})))
`;

/** All that a Python has, by name and version, one a line after its own version. */
export async function packagesOf(python: string, tools: Tools): Promise<string> {
  return must(python, ["-c", LIST_PACKAGES], tools);
}
