import type { Browser, BrowserContextOptions } from "playwright-core";
import { histories } from "../../src/report/trends/history.ts";
import type { Run } from "../../src/result/document/run.ts";
import { launchBrowser, type Visit, visit } from "./browser.ts";
import { buildSampleSite, edgeRuns, type SampleSite } from "./sample-site.ts";
import { serveFolder } from "./static-server.ts";

/** When the first run of the H100 history was written down. */
export const H100_FIRST = "2025-09-04T23:28:30.571673Z";

/** The sample site, served, and a browser to look at it; with the places in it that tests go to. */
export interface OpenedSite extends AsyncDisposable {
  site: SampleSite;
  open(path: string, options?: BrowserContextOptions): Promise<Visit>;
  runPage(run: Run): string;
  slugOf(model: string): string;
  /** The first run of the imported H100 history. */
  h100Run: Run;
  /** A simulated run with a failed cell, and its context. */
  simulatedRun: Run;
  simulatedSlug: string;
  /** A failed run whose texts are full of markup. */
  hostileRun: Run;
}

export async function openSampleSite(): Promise<OpenedSite> {
  const [site, browser]: [SampleSite, Browser] = await Promise.all([buildSampleSite(), launchBrowser()]);
  const server = await serveFolder(site.folder, site.base);
  const slugOf = (model: string) => histories(site.runs).find(({ context }) => context.model === model)!.slug;
  const simulatedRun = site.runs.findLast(({ simulated, outcome }) => simulated && outcome === "failed")!;
  return {
    site,
    open: (path, options) => visit(browser, server.url + path, options),
    runPage: ({ id }) => `runs/${id}/`,
    slugOf,
    h100Run: site.runs.find(({ startedAt }) => startedAt === H100_FIRST)!,
    simulatedRun,
    simulatedSlug: slugOf(simulatedRun.model.name),
    hostileRun: edgeRuns[1]!,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server[Symbol.asyncDispose]();
      await site[Symbol.asyncDispose]();
    },
  };
}
