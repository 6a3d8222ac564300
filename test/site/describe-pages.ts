import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { histories } from "../../src/report/trends/history.ts";
import type { OpenedSite } from "./opened-site.ts";
import { HOSTILE } from "./sample-site.ts";

function hiddenLines(page: Page): Promise<(string | null)[]> {
  const off = page.locator("button[data-series][aria-pressed=false]:visible");
  return off.evaluateAll((all) => all.map((button) => button.getAttribute("data-series")));
}

export function describeViews(at: () => OpenedSite): void {
  describe("a view", () => {
    test("is restored from its address", async () => {
      const hidden = "in_300_out_100_rate_12.5";
      await using visited = await at().open(`serving/?context=${at().simulatedSlug}&statistic=p99&hide=${hidden}`);
      const { page } = visited;
      expect(await page.locator("select[name=context]").inputValue()).toBe(at().simulatedSlug);
      expect(await page.locator("input[name=statistic]:checked").inputValue()).toBe("p99");
      expect(await page.locator("section[data-context]:visible").count()).toBe(1);
      expect(await page.locator("h4:visible").allInnerTexts()).toContain("Time to first token, p99");
      expect(await hiddenLines(page)).toEqual([`serve-benchmark/${hidden}`]);
    });

    test("is written to the address, by keyboard alone", async () => {
      await using visited = await at().open("serving/");
      const { page } = visited;
      await page.locator("input[name=statistic][value=p50]").focus();
      await page.keyboard.press("ArrowRight");
      await page.locator("button[data-series]:visible").first().focus();
      await page.keyboard.press("Enter");
      const query = () => page.evaluate("location.search");
      expect(await query()).toBe("?statistic=p90&hide=in_300_out_100_rate_12.5");
      await page.keyboard.press("Space");
      expect(await query()).toBe("?statistic=p90");
    });

    test("with a line whose name holds commas and slashes is restored from the address that it wrote", async () => {
      await using visited = await at().open(`latency/?context=${at().slugOf("edge/changed-line")}`);
      const { page } = visited;
      expect(await page.locator("button[data-series]:visible").count()).toBe(2);
      const changed = page.locator("button[data-series*=', dataset octo/prompts']:visible");
      await changed.click();
      const hidden = ["latency-sweep/in_512_out_128_bs_1 (beamSearch true, dataset octo/prompts)"];
      expect(await hiddenLines(page)).toEqual(hidden);
      await page.reload();
      expect(await hiddenLines(page)).toEqual(hidden);
    });

    test("of an address that lists its hidden lines with commas is restored, too", async () => {
      const hidden = at()
        .h100Run.cells.slice(0, 2)
        .map(({ id }) => id);
      const context = histories(at().site.runs).find(({ runs }) => runs.includes(at().h100Run))!.slug;
      await using visited = await at().open(`latency/?context=${context}&hide=${hidden.map((id) => id.split("/")[1])}`);
      expect(await hiddenLines(visited.page)).toEqual(hidden);
    });

    test("with a context that is not there is the first one", async () => {
      await using visited = await at().open("latency/?context=gone&statistic=p42");
      expect(await visited.page.locator("section[data-context]:visible").count()).toBe(1);
      expect(visited.complaints).toEqual([]);
    });
  });
}

export function describeRunPages(at: () => OpenedSite): void {
  describe("a run's page", () => {
    test("tells a failed cell's reason, sentence, detail and log, as text", async () => {
      await using visited = await at().open(at().runPage(at().hostileRun));
      const text = await visited.page.locator("main").innerText();
      expect(text).toContain("out_of_memory");
      expect(text).toContain("The engine ran out of memory.");
      expect(text).toContain(HOSTILE);
      expect(text).toMatch(
        /GPU memory\s+79\.6 GiB\s+Power limit\s+700 W\s+Highest clock\s+1,980 MHz\s+MIG\s+off\s+Card\s+0a1b2c3d/,
      );
      expect(text).toMatch(/engine’s start, as its log tells[\s\S]*Loading weights\s+0\.98 s\s+Initialising\s+20\.0 s/);
      await visited.page.getByText("End of the log").click();
      expect(await visited.page.locator("pre").innerText()).toContain(HOSTILE);
    });

    test("says of an imported document where it came from", async () => {
      await using visited = await at().open(at().runPage(at().h100Run));
      expect(await visited.page.locator("main").innerText()).toContain("Imported from data.json");
    });

    test("links the commit, the CI run and the whole document", async () => {
      await using visited = await at().open(at().runPage(at().hostileRun));
      const links = await visited.page
        .locator("main a")
        .evaluateAll((all) => all.map((link) => link.getAttribute("href")!));
      expect(links).toContain(`https://github.com/octo/llm/commit/${at().hostileRun.trigger.commit}`);
      expect(links).toContain(at().hostileRun.trigger.runUrl);
      const address = links.find((link) => link.endsWith(".json"))!;
      expect(await (await visited.page.request.get(new URL(address, visited.page.url()).href)).json()).toEqual(
        at().hostileRun,
      );
    });
  });
}
