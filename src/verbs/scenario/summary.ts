import { joined, type Markdown, md, table } from "../../foreign-text/markdown.ts";
import type { ScenarioResult } from "../../scenario/result.ts";

const COLUMNS = [
  { title: "Stage", align: "left" },
  { title: "Ended", align: "left" },
  { title: "Seconds", align: "right" },
  { title: "What it found", align: "left" },
] as const;

/** What came of scenarios, stage by stage, for a job's summary. */
export function scenarioSummary(results: readonly ScenarioResult[]): Markdown {
  const parts = results.map(({ scenario, run_type, good, stages }) => {
    const rows = stages.map(({ stage, state, seconds, detail = "" }) => [stage, state, seconds.toFixed(1), detail]);
    return joined([md`## ${good ? "✅" : "❌"} ${scenario}, ${run_type}`, table(COLUMNS, rows)], "\n\n");
  });
  return joined(parts, "\n\n");
}
