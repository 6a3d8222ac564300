import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Brings every chart that is shown near the viewport, one by one, and waits until it is drawn. */
export async function drawAll(page: Page): Promise<void> {
  const charts = page.locator("trend-chart:visible");
  for (const chart of await charts.all()) await chart.scrollIntoViewIfNeeded();
  await expect.poll(() => page.locator("trend-chart:visible:not([data-drawn])").count(), { timeout: 10_000 }).toBe(0);
}

/** What axe-core finds wrong with a page as it stands, in all its rules or in some. */
export async function violations(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  const options: axe.RunOptions = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  const found = await page.evaluate(
    (options) => (globalThis as unknown as { axe: typeof axe }).axe.run(options),
    options,
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 160)}`);
}

/** Rows of the table behind a chart of the context that is shown: run's moment, then a text for each line. */
export function tableRows(page: Page, label: string): Promise<string[][]> {
  const rows = page.locator(`section[data-context]:not([data-off]) article[aria-label="${label}"] tbody tr`);
  return rows.evaluateAll((all) =>
    all.map((row) => [
      row.querySelector("time")!.dateTime,
      ...[...row.querySelectorAll("td.number")].map((cell) => cell.textContent.trim()),
    ]),
  );
}

/** Share of a chart's width that the widest break in its first line takes, by the pixels of that line's colour. */
export function widestBreak(page: Page, key: string): Promise<number> {
  return page.locator(`trend-chart[data-chart="${key}"]:visible canvas`).evaluate((canvas) => {
    const colour = canvas.ownerDocument.defaultView.getComputedStyle(canvas).getPropertyValue("--series-0").trim();
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    const { data, width } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    const columns = new Set<number>();
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) columns.add((at / 4) % width);
    }
    const ascending = [...columns].sort((a, b) => a - b);
    const steps = ascending.slice(1).map((column, index) => column - ascending[index]!);
    return ascending.length === 0 ? Number.NaN : Math.max(...steps) / width;
  });
}
