import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STATISTICS, type Statistic } from "../../src/report/trends/trend.ts";
import { formatMetric } from "../../src/result/series/series.ts";
import type { Visit } from "./browser.ts";
import { describeRunPages, describeViews } from "./describe-pages.ts";
import { describeTexts } from "./describe-texts.ts";
import { H100_FIRST, type OpenedSite, openSampleSite } from "./opened-site.ts";
import { drawAll, tableRows, violations, widestBreak } from "./page.ts";
import { edgeRuns, HOSTILE } from "./sample-site.ts";
import { fileAt } from "./static-server.ts";

let opened: OpenedSite;
const at = () => opened;
beforeAll(async () => {
  opened = await openSampleSite();
});
afterAll(() => opened[Symbol.asyncDispose]());

/** One page of each kind. */
const KINDS = (): [string, string][] => [
  ["the overview", ""],
  ["latency", "latency/"],
  ["serving", "serving/"],
  ["all runs", "runs/"],
  ["a run with failures and texts full of markup", at().runPage(at().hostileRun)],
  ["a simulated run", at().runPage(at().simulatedRun)],
  ["the page for lost visitors", "404.html"],
];

/** The same kinds with less usual data. */
const VARIANTS = (): [string, string][] => [
  ["serving of the simulated engine", `serving/?context=${at().simulatedSlug}&statistic=p99`],
  ["cold and warm starts", "startup/"],
  ["a context whose only cell failed", `latency/?context=${at().slugOf("edge/never-started")}`],
  ["an imported run", at().runPage(at().h100Run)],
  ["a run with starts and throughput", at().runPage(at().site.runs.findLast(({ simulated }) => simulated)!)],
  ["a run without cells", at().runPage(edgeRuns.at(-1)!)],
];

/** A page as it is with every chart drawn and a fold open, in a visit that is over. */
async function look(path: string, alsoFor?: (page: Page) => Promise<string[]>) {
  await using visited = await at().open(path);
  const { page, complaints } = visited;
  await drawAll(page);
  const details = page.locator("details:visible");
  if ((await details.count()) > 0) await details.first().evaluate((one) => one.setAttribute("open", ""));
  return { headings: await page.locator("h1").count(), violations: (await alsoFor?.(page)) ?? [], complaints };
}

const FLAWLESS = { headings: 1, violations: [], complaints: [] };

test("no kind of page has an error, an accessibility violation, or a request that leaves the origin or gets no answer", async () => {
  for (const [name, path] of KINDS()) expect(await look(path, violations), name).toEqual(FLAWLESS);
});

test("nor has one with less usual data an error or such a request", async () => {
  for (const [name, path] of VARIANTS()) expect(await look(path), name).toEqual(FLAWLESS);
});

test("the dark theme has contrast enough, too", async () => {
  for (const path of ["", `serving/?context=${at().simulatedSlug}`, "runs/", at().runPage(at().simulatedRun)]) {
    await using visited = await at().open(path, { colorScheme: "dark" });
    expect(await violations(visited.page, ["color-contrast"]), path).toEqual([]);
  }
});

test("pages run no script and take no style that stands in them, whoever put it there", async () => {
  await using visited = await at().open(at().runPage(at().hostileRun));
  const { page, complaints } = visited;
  expect(await page.locator("script:not([src]):not([type='application/json']), style, [style]").count()).toBe(0);
  const markup = `<b id="pitwall-marker" style="color: rgb(1, 2, 3)"></b><script>document.title = "pitwall-marker"</script>`;
  await page.route(page.url(), async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace("</main>", `${markup}</main>`) });
  });
  await page.reload();
  expect(
    await page.locator("#pitwall-marker").evaluate((one) => one.computedStyleMap().get("color")?.toString()),
  ).not.toBe("rgb(1, 2, 3)");
  expect(await page.title()).not.toBe("pitwall-marker");
  expect(complaints.join()).toContain("Content Security Policy");
});

test("every link and every file that a page names is there, under the base path", () => {
  const pages = readdirSync(at().site.folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".html"),
  );
  expect(pages.length).toBeGreaterThan(at().site.runs.length + 4);
  const lost: string[] = [];
  for (const page of pages) {
    const html = readFileSync(join(at().site.folder, page), "utf8");
    const from = new URL(page.replace(/index\.html$/, ""), `http://site.test${at().site.base}`);
    for (const [, address] of html.matchAll(/<[a-z][^>]*\s(?:href|src)="([^"]*)"/g)) {
      if (/^(data|https?):/.test(address!)) continue;
      const { pathname, hash } = new URL(address!, from);
      const file = fileAt(at().site.folder, at().site.base, pathname);
      if (file === undefined) lost.push(`${page} → ${address}`);
      else if (hash !== "" && !readFileSync(file, "utf8").includes(`id="${hash.slice(1)}"`))
        lost.push(`${page} → ${hash}`);
    }
  }
  expect(lost).toEqual([]);
});

describe("tables behind the charts", () => {
  let latency: Visit;
  beforeAll(async () => {
    latency = await at().open("latency/");
  });
  afterAll(() => latency[Symbol.asyncDispose]());

  test.each(STATISTICS)("hold the H100 history's %s of every batch size", async (statistic: Statistic) => {
    const own = at().site.runs.filter(
      (run) => !run.simulated && run.cells[0]?.id.startsWith("latency-sweep") && run.host.label === "h100",
    );
    const expected = own
      .toReversed()
      .map((run) => [
        run.startedAt,
        ...run.cells.map((cell) =>
          cell.status === "ok" ? formatMetric("latency_s", cell.metrics.latency_s?.[statistic]) : "",
        ),
      ]);
    expect(own).toHaveLength(16);
    expect(await tableRows(latency.page, `Batch latency, ${statistic}`)).toEqual(expected);
  });

  test("hold the first known value: batch size 1 took 1.3635 s on average", async () => {
    const rows = await tableRows(latency.page, "Batch latency, mean");
    expect(rows.at(-1)!.slice(0, 2)).toEqual([H100_FIRST, "1.3635"]);
  });

  test("say of a failed cell that it failed, and why", async () => {
    await using visited = await at().open(`latency/?context=${at().slugOf("edge/one-line")}`);
    const rows = await tableRows(visited.page, "Batch latency, p50");
    expect(rows.map(([, text]) => text)).toEqual(["1.0100", "1.0200", "✕ failed: out_of_memory", "1.0000"]);
    expect(await visited.page.locator("section[data-context]:visible").innerText()).toContain("1 gap");
  });
});

describe("charts", () => {
  test("are drawn, one for each statistic, with their lines in them", async () => {
    await using visited = await at().open("latency/");
    await drawAll(visited.page);
    expect(await visited.page.locator("trend-chart[data-drawn]").count()).toBe(4);
    for (const statistic of STATISTICS)
      expect(await widestBreak(visited.page, `latency_s-${statistic}`)).toBeLessThan(0.02);
  });

  test("break their line where a cell failed", async () => {
    await using visited = await at().open(`latency/?context=${at().slugOf("edge/one-line")}`);
    await drawAll(visited.page);
    expect(await widestBreak(visited.page, "latency_s-p50")).toBeGreaterThan(0.4);
  });

  test("of a metric without a single value say so, and leave the others alone", async () => {
    await using visited = await at().open("serving/?statistic=p50");
    await drawAll(visited.page);
    expect(await visited.page.getByText("No run has a value here; reported: mean.").first().isVisible()).toBe(true);
    expect(await visited.page.locator("trend-chart[data-drawn]").count()).toBeGreaterThan(4);
  });

  test("share one copy of the library, which the overview never loads", async () => {
    const folder = join(at().site.folder, "_astro");
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    expect(sizes.filter((bytes) => bytes > 60_000)).toHaveLength(1);
    await using visited = await at().open("");
    const loaded = await visited.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    expect(loaded.filter((name) => /draw-chart/.test(name))).toEqual([]);
  });
});

test("an accepted change stands on the page of its first run, and later numbers are held against nothing before it", async () => {
  await using visited = await at().open(at().runPage(edgeRuns[2]!));
  expect(await visited.page.locator(".note li").allInnerTexts()).toEqual([`* latency_s: ${HOSTILE}`]);
  expect(await visited.page.locator(".change").allInnerTexts()).toEqual(["nothing before"]);
  await using next = await at().open(at().runPage(edgeRuns[3]!));
  expect(await next.page.locator(".change").getAttribute("title")).toBe(
    "against 1.0200, the median of 1 run; judged from 5 runs on",
  );
});

test("simulated results are marked wherever they appear, real ones nowhere", async () => {
  const marked = (page: Page) => page.locator(".pill.simulated:visible").count();
  await using list = await at().open("runs/");
  expect(await marked(list.page)).toBe(at().site.runs.filter(({ simulated }) => simulated).length);
  await using overview = await at().open("");
  expect(await overview.page.locator("article:has(.pill.simulated) h2").allInnerTexts()).toEqual([
    expect.stringContaining(at().simulatedRun.model.name),
  ]);
  for (const [path, count] of [
    [`serving/?context=${at().simulatedSlug}`, 1],
    [at().runPage(at().simulatedRun), 1],
    ["serving/", 0],
    [at().runPage(at().h100Run), 0],
  ] as const) {
    await using visited = await at().open(path);
    expect(await marked(visited.page), path).toBe(count);
  }
});

test("without scripts every context's tables are there to read", async () => {
  await using visited = await at().open("latency/", { javaScriptEnabled: false });
  const { page } = visited;
  const contexts = await page.locator("section[data-context]").count();
  expect(contexts).toBeGreaterThan(3);
  expect(await page.locator("section[data-context] table:visible").count()).toBe(contexts * STATISTICS.length);
  expect(await page.getByText("1.3635").first().isVisible()).toBe(true);
  expect(await page.locator("canvas:visible").count()).toBe(0);
});

test("every chart has a role and a sentence for those who don't see it", async () => {
  await using visited = await at().open("latency/");
  const chart = visited.page.getByRole("img", { name: /^Line chart of Batch latency, mean, in s, over 16 runs/ });
  expect(await chart.count()).toBe(1);
});

describeViews(at);
describeRunPages(at);
describeTexts(at);
