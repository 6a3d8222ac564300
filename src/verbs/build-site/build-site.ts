import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { exportBranch, readContent } from "../../database/read/read.ts";
import { messageOf, UserError } from "../../errors.ts";
import { makeFolder } from "../../files.ts";
import { PACKAGE_ROOT } from "../../package-root.ts";
import { readPlain } from "../../plain-file.ts";
import type { Run } from "../../result/document/run.ts";
import { logsFolder } from "../../working-folder/names.ts";
import { historyHome, homeInputs } from "../history/home.ts";
import { sayWhatIsLeftOut } from "../history/report-skipped.ts";
import { commonInputs, flag, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { defineVerb } from "../verb.ts";
import { renderSite } from "./astro.ts";

const basePath = z
  .string()
  .trim()
  .regex(/^\/(?:[\w.~-]+\/)*[\w.~-]*$/, "must be a path like /pitwall/ that starts with a slash");

export const siteInputs = {
  ...commonInputs,
  ...homeInputs,
  ...inGroup("Site", {
    site: text("Folder of the site; an earlier site there is replaced.", "DIR").default(".pitwall/site"),
    base: basePath
      .meta({ description: "Path under which the site will be served.", placeholder: "/PATH" })
      .default("/"),
    skipDamaged: flag("Leave damaged files out, and name them in the log and on the first page.").default(true),
  }),
};

export const buildSite = defineVerb({
  name: "build-site",
  description: "Turns a data branch into a static site.",
  inputs: z.strictObject(siteInputs),
  outputs: {
    sitePath: "Folder of the built site.",
    pages: "Pages that it has.",
    runs: "Runs that it shows.",
  },
  async run({ output, site, base, skipDamaged, ...inputs }, tools) {
    const { env, signal } = tools;
    await checkTarget(site);
    // Inside the package, because what Astro writes on its way imports from node_modules.
    const workFolder = join(PACKAGE_ROOT, ".pitwall", "builds", `${process.pid}-${randomUUID()}`);
    const database = join(workFolder, "database");
    const outFolder = join(workFolder, "site");
    try {
      await makeFolder(workFolder);
      const { source, token } = await historyHome(inputs, env);
      await exportBranch(source, database, { env, token, signal });
      const content = await readContent(database, { signal });
      sayWhatIsLeftOut(content, skipDamaged, tools.report);
      const { runs } = content;
      tools.report.info(`building the site of ${runs.length} ${runs.length === 1 ? "run" : "runs"}`);
      const logFile = resolve(logsFolder(output), "build-site.log");
      await renderSite({ workFolder, database, skipDamaged, outFolder, base, logFile }, tools);
      checkComplete(outFolder, runs, logFile);
      signal.throwIfAborted();
      await replaceFolder(outFolder, resolve(site));
      const pages = await countPages(site);
      tools.report.info(`${pages} pages in ${site}`);
      return { ok: true, outputs: { sitePath: site, pages, runs: runs.length }, text: `Site in ${site}` };
    } finally {
      await rm(workFolder, { recursive: true, force: true });
    }
  },
});

/** A renderer that finds nothing to render ends well, too: the pages themselves are the evidence. */
function checkComplete(folder: string, runs: readonly Run[], logFile: string): void {
  const missing = runs.filter(({ id }) => !existsSync(join(folder, "runs", id, "index.html")));
  if (missing.length === 0 && existsSync(join(folder, "index.html"))) return;
  throw new UserError(
    `the site came out without ${missing.length} of ${runs.length} runs; what stood there before is untouched. ` +
      `The log is ${logFile}`,
  );
}

/** A mistyped folder must not be emptied: only nothing, an empty folder or a site of ours is replaced. */
async function checkTarget(site: string): Promise<void> {
  if (!existsSync(site)) return;
  const names = await readdir(site).catch((cause) => {
    throw new UserError(`${site} cannot hold a site: ${messageOf(cause)}`, { cause });
  });
  if (names.length === 0) return;
  const index = names.includes("index.html") ? await readPlain(join(site, "index.html")) : "";
  if (index.includes('<meta name="generator" content="pitwall"')) return;
  throw new UserError(`${site} holds other files than a site of pitwall; name an empty or a new folder with --site`);
}

/** Copies the new site beside the target, then swaps: readers see the old one or the new one, whole. */
async function replaceFolder(fresh: string, target: string): Promise<void> {
  const aside = `${target}.${randomUUID()}`;
  try {
    await makeFolder(dirname(target));
    await cp(fresh, `${aside}.new`, { recursive: true });
    while (!(await swap(target, aside))) await rm(`${aside}.old`, { recursive: true, force: true });
  } catch (cause) {
    throw new UserError(`the site could not be put into ${target}: ${messageOf(cause)}`, { cause });
  } finally {
    await rm(`${aside}.new`, { recursive: true, force: true });
    await rm(`${aside}.old`, { recursive: true, force: true });
  }
}

/** @returns false when another build has put its site there in between; the one that comes last stays */
async function swap(target: string, aside: string): Promise<boolean> {
  const had = await renamed(target, `${aside}.old`, "ENOENT");
  try {
    return await renamed(`${aside}.new`, target, "ENOTEMPTY", "EEXIST");
  } catch (error) {
    if (had) await renamed(`${aside}.old`, target, "ENOTEMPTY", "EEXIST");
    throw error;
  }
}

async function renamed(from: string, to: string, ...acceptable: string[]): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (acceptable.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

async function countPages(site: string): Promise<number> {
  const names = await readdir(site, { recursive: true });
  return names.filter((name) => name.endsWith(".html")).length;
}
