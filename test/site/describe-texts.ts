import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { invisibleIn } from "../support/live-markers.ts";
import type { OpenedSite } from "./opened-site.ts";
import { drawAll } from "./page.ts";
import { markedRun, oldRun } from "./sample-site.ts";

export function describeTexts(at: () => OpenedSite): void {
  describe("texts of documents", () => {
    test("no marker in any text of a document is live on any page that shows it", async () => {
      const context = at().slugOf(markedRun.model.name);
      const pages = [
        "",
        "runs/",
        at().runPage(markedRun),
        ...["latency/", "serving/"].map((path) => `${path}?context=${context}`),
      ];
      for (const path of pages) {
        await using visited = await at().open(path);
        const { page, complaints } = visited;
        await drawAll(page);
        expect(await page.content(), path).toContain("pitwall-marker");
        expect(
          await page.locator("#pitwall-marker, .pitwall-marker, img, iframe, object, embed, form[action]").count(),
          path,
        ).toBe(0);
        const links = await page.locator("[href], [src]").evaluateAll((all) => all.map((one) => one.href ?? one.src));
        const foreign = links.filter((link) => /pitwall-marker/.test(link) || !/^(https?:|data:image\/svg)/.test(link));
        expect(foreign, path).toEqual([]);
        expect(complaints, path).toEqual([]);
      }
    });

    test("reach no page or file of data with a control or an override of direction in them, by whatever way", () => {
      const files = filesOf(at().site.folder).filter((name) => /\.(html|json)$/.test(name));
      const texts = files.map((name) => [name, readFileSync(join(at().site.folder, name), "utf8")] as const);
      expect(texts.filter(([, text]) => invisibleIn(text).length > 0).map(([name]) => name)).toEqual([]);
      const charts = texts.flatMap(([, html]) => [
        ...html.matchAll(/<script type="application\/json">(.*?)<\/script>/gs),
      ]);
      expect(charts.length).toBeGreaterThan(3);
      expect(charts.flatMap(([, json]) => stringsIn(JSON.parse(json!))).flatMap(invisibleIn)).toEqual([]);
      const naming = texts
        .filter(([, text]) => text.includes("[U+202E]gnp.pitwall-marker[U+202C]"))
        .map(([name]) => name);
      expect(naming).toContain(`runs/${markedRun.id}/index.html`);
      expect(naming).toContain("serving/index.html");
    });

    test("of a length that only old documents have make no large page, and say how much was cut", () => {
      const pages = filesOf(at().site.folder).filter((name) => name.endsWith(".html"));
      const texts = pages.map((name) => [name, readFileSync(join(at().site.folder, name), "utf8")] as const);
      expect(texts.filter(([, html]) => /y{4001}|x{30001}/.test(html)).map(([name]) => name)).toEqual([]);
      const own = texts.find(([name]) => name === `runs/${oldRun.id}/index.html`)![1];
      expect(own).toMatch(/y{4000}… \(3,496,000 more characters\)/);
      expect(own.length).toBeLessThan(100_000);
    });

    test("stand in a run's JSON document as they are, whole, with escapes that show", () => {
      const old = readFileSync(join(at().site.folder, `runs/${oldRun.id}.json`), "utf8");
      expect(JSON.parse(old)).toEqual(oldRun);
      const text = readFileSync(join(at().site.folder, `runs/${markedRun.id}.json`), "utf8");
      expect(JSON.parse(text)).toEqual(at().site.runs.find(({ id }) => id === markedRun.id));
      expect(text).toContain("\\u202egnp.pitwall-marker\\u202c");
    });
  });
}

const filesOf = (folder: string) => readdirSync(folder, { recursive: true, encoding: "utf8" });

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
