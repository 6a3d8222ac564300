import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { UserError } from "../../errors.ts";
import { writeFileAtomically } from "../../files.ts";
import type { CommandResult } from "../../machine/command.ts";
import { runCommand } from "../../machine/command.ts";
import { PACKAGE_ROOT } from "../../package-root.ts";
import type { Tools } from "../../tools.ts";

const CONFIG_FILE = join(PACKAGE_ROOT, "site", "astro.config.mjs");
const TAIL_LINES = 30;

interface Build {
  /** Becomes Astro's project root, so that its caches and generated types belong to this build alone. */
  workFolder: string;
  /** A data branch, checked. */
  database: string;
  skipDamaged: boolean;
  outFolder: string;
  base: string;
  logFile: string;
}

/**
 * Renders the site of a database into `outFolder`.
 * @throws UserError with the end of the log, which stays in `logFile`; the signal's reason when it aborts
 */
export async function renderSite(build: Build, { report, env, signal }: Tools): Promise<void> {
  const { workFolder, database, skipDamaged, outFolder, base, logFile } = build;
  const astro = astroProgram() ?? (await installAstro(report, signal));
  // Astro joins the config's path to the root, so it has to be a relative one.
  const config = relative(workFolder, CONFIG_FILE);
  const result = await runCommand(process.execPath, [astro, "build", "--root", workFolder, "--config", config], {
    cwd: workFolder,
    signal,
    env: {
      ...env,
      NODE_ENV: "production",
      NO_COLOR: "1",
      ASTRO_TELEMETRY_DISABLED: "1",
      PITWALL_DATABASE: database,
      PITWALL_SKIP_DAMAGED: String(skipDamaged),
      PITWALL_SITE: outFolder,
      PITWALL_BASE: base,
    },
  });
  await writeFileAtomically(logFile, logOf(result));
  if (result.exitCode === 0) return;
  throw new UserError(
    `the site could not be built (exit code ${result.exitCode}); what stood there before is untouched. ` +
      `The end of ${logFile}:\n${tailOf(result)}`,
  );
}

function astroProgram(): string | undefined {
  try {
    const manifest = createRequire(join(PACKAGE_ROOT, "package.json")).resolve("astro/package.json");
    return join(dirname(manifest), "bin", "astro.mjs");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** A workflow step runs from a tag, which carries our code but not what the site is built with. */
async function installAstro(report: Tools["report"], signal: AbortSignal): Promise<string> {
  report.info("installing what the site is built with (npm ci), once in this copy of pitwall");
  const args = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  const result = await runCommand("npm", args, { cwd: PACKAGE_ROOT, signal });
  const astro = result.exitCode === 0 ? astroProgram() : undefined;
  if (astro !== undefined) return astro;
  throw new UserError(
    `npm ${args.join(" ")} failed in ${PACKAGE_ROOT}, so the site cannot be built:\n${tailOf(result)}`,
  );
}

const logOf = ({ stdout, stderr }: CommandResult) => `${stdout}${stderr}`;

function tailOf(result: CommandResult): string {
  return logOf(result).trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
}
