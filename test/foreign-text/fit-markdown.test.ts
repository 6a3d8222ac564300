import { expect, test } from "vitest";
import { fitMarkdown } from "../../src/foreign-text/fit-markdown.ts";

const size = (text: string) => Buffer.byteLength(text);

test("what fits stays as it is", () => {
  expect(fitMarkdown("# Ümlaut\n", 10)).toEqual({ text: "# Ümlaut\n", isCut: false });
  expect(fitMarkdown("# Ümlaut\n", 9)).toBeUndefined();
});

test("what does not is cut at a line, by its bytes, and says so", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => `| größe ${i} |`);
  const { text, isCut } = fitMarkdown(rows.join("\n"), 5000)!;
  expect(isCut).toBe(true);
  expect(size(text)).toBeLessThanOrEqual(5000);
  expect(size(text)).toBeGreaterThan(4800);
  const kept = text.split("\n").filter((line) => line.startsWith("|"));
  expect(kept).toEqual(rows.slice(0, kept.length));
  expect(text).toContain("Cut here");
});

test("a log that is cut open is closed before the note", () => {
  const log = ["- cell", "  <details><summary>Log</summary>", "", "````text", ...Array(500).fill("a line"), "````", ""];
  const { text } = fitMarkdown(log.join("\n"), 1000)!;
  expect(text).toMatch(/a line\n````\n\n<\/details>\n\n> \[!WARNING\]/);
  expect(size(text)).toBeLessThanOrEqual(1000);
});

test("a fold or a fence that ended before the cut is not ended again", () => {
  const log = ["  <details><summary>Log</summary>", "", "````text", "a line", "````", "", "</details>", ""];
  const { text } = fitMarkdown([...log, ...Array(500).fill("a row")].join("\n"), 1000)!;
  expect(text.match(/<\/details>/g)).toHaveLength(1);
  expect(text).toMatch(/a row\n\n> \[!WARNING\]/);
});

test("a fold that a log only quotes opens none", () => {
  const log = ["````text", "<details>", "````", ...Array(500).fill("a row")];
  expect(fitMarkdown(log.join("\n"), 1000)!.text).not.toContain("</details>");
});

test("a single line that is longer than all that may be is left out", () => {
  expect(fitMarkdown(`# Title\n${"x".repeat(5000)}\nend`, 1000)!.text).toMatch(/^# Title\n\n> \[!WARNING\]/);
});

test("a fence that is longer because of what it holds is closed as it was opened, and a fold without one, too", () => {
  const log = ["  <details><summary>Log</summary>", "", "``````text", "`````", ...Array(500).fill("a line")];
  expect(fitMarkdown(log.join("\n"), 1000)!.text).toMatch(/a line\n``````\n\n<\/details>\n\n> \[!WARNING\]/);
  const cells = ["  <details><summary>Cells</summary>", "", ...Array(500).fill("`a cell`")];
  expect(fitMarkdown(cells.join("\n"), 1000)!.text).toMatch(/`a cell`\n\n\n<\/details>\n\n> \[!WARNING\]/);
});
