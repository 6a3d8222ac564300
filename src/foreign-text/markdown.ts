import { plainLine, plainText } from "./plain.ts";

/** GitHub-flavoured Markdown in which texts of others are text. Only this module makes it; `source` is for files. */
export class Markdown {
  readonly source: string;
  /** No object of another form is one. */
  readonly #made = true;

  constructor(source: string) {
    this.source = source;
  }

  static is(value: unknown): value is Markdown {
    return typeof value === "object" && value !== null && #made in value;
  }
}

/** Markdown as it is written, with values in it: texts lose every meaning but their own, Markdown keeps its own. */
export function md(parts: TemplateStringsArray, ...values: readonly (Markdown | string | number)[]): Markdown {
  const texts = values.map((value, at) => {
    if (Markdown.is(value)) return value.source;
    const text = escaped(String(value));
    return BLOCK_START.test(parts[at]!) ? atLineStart(text) : text;
  });
  return new Markdown(String.raw({ raw: parts }, ...texts));
}

export function joined(parts: readonly Markdown[], separator: string): Markdown {
  return new Markdown(parts.map(({ source }) => source).join(separator));
}

/** A column of a table, and on which side its texts stand. */
export interface Column {
  title: string;
  align: "left" | "right";
}

/** A table of GitHub's, in which each cell is one. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (Markdown | string | number)[])[],
): Markdown {
  const line = (cells: readonly (Markdown | string | number)[]) =>
    md`${joined(
      cells.map((cell) => md`| ${cell} `),
      "",
    )}|`;
  const rule = columns.map(({ align }) => (align === "left" ? md`:--` : md`--:`));
  return joined([line(columns.map(({ title }) => title)), line(rule), ...rows.map(line)], "\n");
}

/** In one line; longer quotes than any inside, as CommonMark has it. */
export function code(text: string): Markdown {
  const line = plainLine(text) || "–";
  const quote = "`".repeat(longestRun(line) + 1);
  const padding = /^`|`$/.test(line) ? " " : "";
  return new Markdown(`${quote}${padding}${line}${padding}${quote}`);
}

/** Lines as they are, in a fence that is longer than any inside: at least {@link LEAST_FENCE} backticks. */
export function fence(text: string): Markdown {
  const lines = plainText(text);
  const ticks = "`".repeat(Math.max(LEAST_FENCE, longestRun(lines) + 1));
  return new Markdown(`${ticks}text\n${lines}\n${ticks}`);
}

/** Logs often have a fence of three. */
export const LEAST_FENCE = 4;

/** Length of the longest run of backticks; there may be more runs than a call takes arguments. */
function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** Shows nothing, and keeps GitHub from making a link of what it stands in. */
const BREAK = "&#8203;";

/** A text in one line: neither Markdown nor HTML, and no mention, reference or address that GitHub would link. */
function escaped(text: string): string {
  return plainLine(text)
    .replaceAll(/\\(?=[!-/:-@[-`{-~]|$)|[`*[\]|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&")
    .replaceAll(/&(?=[#\w])/g, "&amp;")
    .replaceAll(/<(?=[a-z/!?])/gi, "&lt;")
    .replaceAll(/@(?=[\w-])|#(?=\d)|gh-(?=\d)|:(?=\/\/)|www(?=\.)/gi, `$&${BREAK}`);
}

/** Nothing on the line yet, or nothing but the mark of a list or quotation. */
const BLOCK_START = /(^|\n)[ >*+-]*$/;

/** What would make a heading, list, quotation or rule of a line, or a heading of the one above. */
const atLineStart = (text: string) =>
  text.replace(/^([#>]|[+-](?=\s|$)|-+\s*$|=+\s*$)/, "\\$1").replace(/^(\d+)(?=[.)](\s|$))/, "$1\\");
