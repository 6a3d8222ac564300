import { describe, expect, test } from "vitest";
import type { OpenedSite } from "./opened-site.ts";
import { HOSTILE } from "./sample-site.ts";

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
      const off = page.locator("button[data-series][aria-pressed=false]:visible");
      expect(await off.evaluateAll((all) => all.map((button) => button.getAttribute("data-series")))).toEqual([
        `serve-benchmark/${hidden}`,
      ]);
    });

    test("is written to the address, by keyboard alone", async () => {
      await using visited = await at().open("serving/");
      const { page } = visited;
      await page.locator("input[name=statistic][value=p50]").focus();
      await page.keyboard.press("ArrowRight");
      await page.locator("button[data-series]:visible").first().focus();
      await page.keyboard.press("Enter");
      const { searchParams } = new URL(page.url());
      expect(searchParams.get("statistic")).toBe("p90");
      expect(searchParams.get("hide")).toBe("in_300_out_100_rate_12.5");
      await page.keyboard.press("Space");
      expect(new URL(page.url()).searchParams.has("hide")).toBe(false);
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
