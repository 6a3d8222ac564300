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

const LIMIT_OF: Record<string, number> = {
  logTail: LIMITS.logTail,
  detail: LIMITS.detail,
  args: LIMITS.argument,
};

/** That of a text by the key under which a run document has it. */
export const limitOf = (key: string): number => LIMIT_OF[key] ?? LIMITS.text;

/**
 * The most entries that a run document has; docs/data.md and docs/security.md have the same. A page repeats some of them
 * dozens of times, so that a document of a few megabytes could otherwise make one that no browser opens.
 */
export const MOST = {
  /** Several times the largest grids that people measure, some hundreds. */
  cells: 2_000,
  /** Parameters of one cell; those that are measured have some twenty. */
  params: 100,
  /** Characters of the ids and params of all cells, names and values. */
  paramCharacters: 500_000,
  arguments: 1_000,
  /** Characters of all arguments of the engine. */
  argumentCharacters: 100_000,
  /** Values of a metric, one a repeat; as many as the flags take. */
  repeats: 10_000,
  /** Every other list of a document or cell: warnings, GPUs, limits of a request, probes of a search. */
  listed: 100,
} as const;

/** A text of at most about so many characters, which says how many more there were. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit).replace(/[\ud800-\udbff]$/, "");
  return `${kept}… (${(text.length - kept.length).toLocaleString("en")} more characters)`;
}
