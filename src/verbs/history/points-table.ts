import { type Point, seriesName } from "../../database/query/points.ts";
import { boxTable } from "../../report/tables/box-table.ts";
import { formatMetric } from "../../result/series/series.ts";

/** Numbers for people, a line each; the engine's settings have a column where they tell two series apart. */
export function pointsTable(points: readonly Point[]): string {
  const withSettings = new Set(points.map(settingsOf)).size > 1;
  const titles = ["Started", "Commit", "Host", "Engine", ...(withSettings ? ["Settings"] : []), "Series", "Value"];
  const columns = titles.map((title) => ({ title, align: title === "Value" ? ("right" as const) : ("left" as const) }));
  const rows = points.map((point) => {
    const { startedAt, commit, host, metric, statistic, value } = point;
    return [
      startedAt.slice(0, 16).replace("T", " "),
      commit?.slice(0, 10) ?? "–",
      host,
      engineOf(point),
      ...(withSettings ? [settingsOf(point) || "–"] : []),
      seriesName(point),
      statistic === "count" ? String(value) : formatMetric(metric, value),
    ];
  });
  return boxTable(columns, rows);
}

function engineOf({ engine, engineVersion, simulated }: Point): string {
  return [engine, engineVersion, simulated && engine !== "simulated" ? "(simulated)" : null].filter(Boolean).join(" ");
}

/** A label says what a person wants to see; without one the arguments themselves do. */
const settingsOf = ({ configuration, engineArguments }: Point) => configuration ?? engineArguments ?? "";
