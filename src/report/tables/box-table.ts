import stringWidth from "string-width";
import type { Column } from "../../foreign-text/markdown.ts";
import { plainLine } from "../../foreign-text/plain.ts";

/** A table in lines of box characters, drawn in time with its rows: ten thousand of them take cli-table3 ten seconds. */
export function boxTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((texts) => texts.map(plainLine))];
  // In columns of a terminal, where a character may take two or none. Measuring is most of the work, and texts come again.
  const known = new Map<string, number>();
  const widthOf = (text: string) => known.get(text) ?? known.set(text, stringWidth(text)).get(text)!;
  const measured = lines.map((texts) => texts.map(widthOf));
  const widths = columns.map((_, i) => measured.reduce((width, ofLine) => Math.max(width, ofLine[i]!), 0));
  const padded = (text: string, i: number, width: number) => {
    const padding = " ".repeat(widths[i]! - width);
    return columns[i]!.align === "left" ? text + padding : padding + text;
  };
  const [head, ...body] = lines.map(
    (texts, line) => `│ ${texts.map((text, i) => padded(text, i, measured[line]![i]!)).join(" │ ")} │`,
  );
  const rule = (left: string, middle: string, right: string) =>
    `${left}─${widths.map((width) => "─".repeat(width)).join(`─${middle}─`)}─${right}`;
  return [rule("┌", "┬", "┐"), head, rule("├", "┼", "┤"), ...body, rule("└", "┴", "┘")].join("\n");
}
