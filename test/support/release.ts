import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../src/machine/command.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";

const RELEASED = ["action.yml", "actions", "docker", "package.json", "site", "src"];

/** What a runner downloads when a workflow says `uses: pitwall-dev/pitwall@v1`, freshly built. */
export interface Release extends AsyncDisposable {
  root: string;
  /** Path of a bundle: `run`, `start-engine`, … */
  bundle(name: string): string;
}

export async function makeRelease(): Promise<Release> {
  const root = await mkdtemp(join(tmpdir(), "pitwall-release-"));
  try {
    await fill(root);
  } catch (error) {
    await rm(root, { recursive: true });
    throw error;
  }
  return {
    root,
    bundle: (name) => join(root, "dist", `${name}.mjs`),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

async function fill(root: string): Promise<void> {
  for (const name of RELEASED) await cp(join(PACKAGE_ROOT, name), join(root, name), { recursive: true });
  await symlink(join(PACKAGE_ROOT, "node_modules"), join(root, "node_modules"));
  const rolldown = join(PACKAGE_ROOT, "node_modules/rolldown/bin/cli.mjs");
  const args = ["--config", join(PACKAGE_ROOT, "rolldown.config.ts"), "--dir", join(root, "dist")];
  const { exitCode, stdout, stderr } = await runCommand(process.execPath, [rolldown, ...args], { cwd: PACKAGE_ROOT });
  if (exitCode !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
}
