import type { Finding } from "../../report/slack.ts";
import type { Comparison, ComparisonState } from "../comparison.ts";
import type { SavedHistoryComparison } from "../history/saved-comparison.ts";
import type { LiveComparison } from "../live-comparison.ts";

/** What a reader should see first comes first. */
const WORDS = {
  loses: "loses",
  bought: "bought throughput with latency",
  arm_failed: "could not be compared",
  invalid: "could not be compared",
  not_valid_here: "could not be compared",
  wins: "wins",
  undecided: "undecided",
  load_limited: "limited by the load",
  ties: "ties",
} as const satisfies Record<ComparisonState, string>;
type Compared = Omit<Comparison, "blocks" | "blocksWithout">;
/** Characters of why something could not be compared: an engine's error may be a page. */
const LONGEST_WHY = 160;
const STATES = Object.keys(WORDS) as ComparisonState[];

/** `patched loses: latency_s of latency-sweep/… is 1.0810 × the base's (1.0520 to 1.1100)` */
function comparisonLine({ arm, cell, metric, ratio, low, high, state, detail }: Compared): string {
  const interval = low === undefined || high === undefined ? "" : ` (${low.toFixed(4)} to ${high.toFixed(4)})`;
  const measured = ratio === undefined ? "" : ` is ${ratio.toFixed(4)} × the base's${interval}`;
  const why = detail === undefined ? "" : `: ${detail.split("\n", 1)[0]!.slice(0, LONGEST_WHY)}`;
  return `${arm} ${WORDS[state]}: ${metric} of ${cell}${measured}${why}`;
}

/** So many lines at most, losses first; then how many others there are. */
export function comparisonLines(comparisons: readonly Compared[], most: number): string[] {
  const sorted = comparisons.toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
  const rest = sorted.length - most;
  return [...sorted.slice(0, most).map(comparisonLine), ...(rest > 0 ? [`… and ${rest} more`] : [])];
}

/** For a message: how many comparisons ended how, and what each says. */
export function comparisonFinding({ comparisons, end }: LiveComparison): Finding {
  const title = [...(end === "cancelled" ? ["cancelled"] : []), ...countsOf(comparisons)].join(", ");
  return { title: `comparison: ${title}`, lines: comparisonLines(comparisons, comparisons.length) };
}

/** The same of two sides of the history; the base is A. */
export function historyFinding({ a, b, rows }: SavedHistoryComparison): Finding {
  const compared = rows.map((row) => ({ ...row, arm: b.word }));
  const title = `comparison of ${b.word} with ${a.word}: ${countsOf(rows).join(", ")}`;
  return { title, lines: comparisonLines(compared, compared.length) };
}

function countsOf(comparisons: readonly Pick<Comparison, "state">[]): string[] {
  const counts = Map.groupBy(comparisons, ({ state }) => state);
  return STATES.flatMap((state) => (counts.has(state) ? [`${counts.get(state)!.length} ${state}`] : []));
}
