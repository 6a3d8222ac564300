/** A column of a table for the terminal. */
export interface BoxColumn {
  title: string;
  align: "left" | "right";
}

/** A table in lines of box characters, drawn in time with its rows: ten thousand of them take cli-table3 ten seconds. */
export function boxTable(columns: readonly BoxColumn[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, i) =>
    rows.reduce((width, row) => Math.max(width, row[i]!.length), title.length),
  );
  const padded = (text: string, i: number) =>
    columns[i]!.align === "left" ? text.padEnd(widths[i]!) : text.padStart(widths[i]!);
  const line = (row: readonly string[]) => `│ ${row.map(padded).join(" │ ")} │`;
  const rule = (left: string, middle: string, right: string) =>
    `${left}─${widths.map((width) => "─".repeat(width)).join(`─${middle}─`)}─${right}`;
  const head = columns.map(({ title }) => title);
  return [rule("┌", "┬", "┐"), line(head), rule("├", "┼", "┤"), ...rows.map(line), rule("└", "┴", "┘")].join("\n");
}
