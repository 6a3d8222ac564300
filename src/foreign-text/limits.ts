/** The most characters that a run document keeps of a text of others; docs/data.md has the same table. */
export const LIMITS = {
  /** Lines around the cause of an engine's end. */
  logTail: 30_000,
  /** What happened to a cell. */
  detail: 4_000,
  /** One argument of the engine; some are JSON. */
  argument: 10_000,
  /** Everything else: names, subjects, refs, warnings, fields of an imported file. */
  text: 1_000,
} as const;

/** A text of at most about so many characters, which says how many more there were. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit).replace(/[\ud800-\udbff]$/, "");
  return `${kept}… (${(text.length - kept.length).toLocaleString("en")} more characters)`;
}
